#!/usr/bin/env python3
"""What the server bears: time to answer under load, and hostile requests.

    python benches/serve.py load target/release/imr INDEX [--seconds 60] [--connections 32] [--different] [--meanwhile COMMAND]
    python benches/serve.py hostile target/release/imr INDEX [--requests 10000]

`load` needs wrk; it prints p50, p99, errors and memory. With `--different` no query is asked twice, so that answers kept do not hide
what one costs. `--meanwhile` repeats a shell command, such as an index run, while it is measured. `hostile` ends with 1 if any answer is a 5xx or memory
grows by more than a half. Each run starts a server of its own. What is asked is made here, the same each time.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import json
import os
import random
import re
import socket
import string
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request

WORDS = """acupuncture tramadol norco opioid weaning MRI lumbar cervical epidural injection physical therapy knee shoulder
arthroscopy TENS urine drug screen functional restoration gabapentin cyclobenzaprine omeprazole compound cream massage
chiropractic home exercise surgery fusion radiculopathy EMG nerve conduction psychological insomnia brace orthotics
consultation naproxen ibuprofen topical lidocaine failed conservative improvement documented objective findings""".split()
SHAPES = ['"not medically necessary"', "acupunct*", "knee OR hip", "MRI -lumbar", "pain NEAR/5 relief", "tramadl~1"]


def queries(many, different):
    """Addresses after the path, each with its own words; a few with operators, filters, later pages."""
    dice = random.Random(7)
    made = {}
    at = 0
    while len(made) < many:
        at += 1
        words = SHAPES[at % len(SHAPES)] if at % 12 == 0 else " ".join(dice.sample(WORDS, dice.randint(1, 4 if different else 3)))
        asked = {"q": words}
        if at % 3 == 0:
            asked["outcome"] = dice.choice(["overturned", "upheld"])
        if at % 5 == 0:
            asked["region"] = dice.choice(["spine", "knee", "shoulder"])
        if at % 7 == 0:
            asked["offset"] = dice.choice([10, 20, 30])
        if different and at % 12 == 0:
            asked["q"] += f" {dice.choice(WORDS)} {dice.choice(WORDS)}"
        made[urllib.parse.urlencode(asked)] = None
    return list(made)


@contextlib.contextmanager
def served(program, index):
    server = subprocess.Popen(
        [program, "--index", index, "serve", "--addr", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    try:
        yield server.stdout.readline().strip().rstrip("/"), server.pid
    finally:
        server.terminate()
        said = server.communicate(timeout=30)[1]
        if "panicked" in said:
            raise SystemExit(said)


def figures(base):
    with urllib.request.urlopen(base + "/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line[0] != "#"}


def memory(process):
    """Megabytes of its own; parts of the index that the system keeps at hand are not counted."""
    with open(f"/proc/{process}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon:")) / 1e3


SCRIPT = """
local paths = {%s}
local at = 0
local thread_number = 0
function setup(thread) thread:set("id", thread_number); thread_number = thread_number + 1 end
function init() at = id * math.floor(#paths / 2) end
function request() at = at + 1; return wrk.format("GET", paths[at %% #paths + 1]) end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests":%%d,"seconds":%%.2f,"p50":%%.2f,"p90":%%.2f,"p99":%%.2f,"max":%%.2f,"not_2xx":%%d,"broken":%%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3, e.status, e.connect + e.read + e.write + e.timeout))
end
"""


def wrk(given, base, path, asked, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % ",".join(json.dumps(path + query) for query in asked))
        script.flush()
        command = ["wrk", "-t2", f"-c{given.connections}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name, base]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return json.loads(re.search(r"\{.*\}", said).group())


@contextlib.contextmanager
def repeated(command):
    """Runs a command again and again; the list grows by one a run that ended well."""
    times, over = [], threading.Event()

    def again():
        while not over.is_set():
            subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            times.append(time.monotonic())

    thread = threading.Thread(target=again)
    if command:
        thread.start()
    yield times
    over.set()
    if command:
        thread.join()


def load(given):
    asked = queries(40 * given.queries if given.different else given.queries, given.different)
    # What is asked first, unmeasured: the same, so that answers are kept, or other queries.
    first, asked = (asked[: len(asked) // 4], asked[len(asked) // 4 :]) if given.different else (asked, asked)
    worst = 0
    for name, path in (("search page", "/?"), ("/api/search", "/api/search?")):
        with served(given.program, given.index) as (base, process):
            wrk(given, base, path, first, max(2, given.seconds // 6))
            before, known = memory(process), figures(base)
            with repeated(given.meanwhile) as times:
                told = wrk(given, base, path, asked, given.seconds)
            after, seen = memory(process), figures(base)
        for name_of in ("imr_answers_found_total", "imr_answers_computed_total"):
            seen[name_of] -= known[name_of]
        kept = seen["imr_answers_found_total"] / max(1, seen["imr_answers_found_total"] + seen["imr_answers_computed_total"])
        rate = told["requests"] / told["seconds"]
        print(f"{name}: {given.connections} connections, {told['seconds']:.0f} s, {rate:.0f}/s: p50 {told['p50']} ms, p90 {told['p90']} ms,"
              f" p99 {told['p99']} ms, longest {told['max']} ms; not 2xx {told['not_2xx']}, broken {told['broken']};"
              f" memory {before:.0f} to {after:.0f} MB; {kept:.0%} from answers kept; meanwhile {len(times)} runs", flush=True)
        worst += told["not_2xx"] + told["broken"]
    return 1 if worst else 0


def generated(dice):
    """A request as bytes: mostly well-formed asks of odd things, some not HTTP at all."""
    odd = lambda most: "".join(dice.choice(string.printable + "é\u202e\0\u4e2d") for _ in range(dice.randint(0, most)))
    names = ["q", "outcome", "region", "treatment", "limit", "offset", "sort", "facets", "exact", "any", "all", "decided", "age",
             "no-fold", "group", "explain", "find", "by", "format", "fields", odd(8)]
    values = lambda: dice.choice([
        odd(30), " ".join(dice.sample(WORDS, 3)), str(dice.randint(-5, 10**dice.randint(0, 25))), "(" * dice.randint(1, 400),
        "a* " * dice.randint(1, 30), "?" * dice.randint(1, 50), '"a b"~99999', "a NEAR/99999 b", "!upheld", "2014..2016", "a OR " * dice.randint(1, 100) + "b",
        "*", "~2", "\\", "title:(", "age:1..", "x" * dice.randint(1, 9000), "pain~2 back~2 knee~2", "*ain",
    ])
    paths = ["/", "/api/search", "/api/facets/treatment", "/api/letters/" + urllib.parse.quote(odd(12)), "/api/items/CM13-0900131/1",
             "/api/rates", "/api/contrast", "/api/similar/CM13-0900131/1", "/api/export", "/rates", "/contrast", "/cite", "/api/cite",
             "/facets/region", "/letters/CM13-0900131", "/" + urllib.parse.quote(odd(20)), "/api/status", "/healthz", "/metrics"]
    query = urllib.parse.urlencode([(dice.choice(names), values()) for _ in range(dice.randint(0, 5))])
    head = f"{dice.choice(['GET'] * 12 + ['HEAD', 'POST', 'BREW'])} {dice.choice(paths)}?{query} HTTP/1.1\r\n"
    more = dice.choice([""] * 8 + ["Content-Length: 99999999\r\n", "Transfer-Encoding: chunked\r\n", "X: " + "y" * 50_000 + "\r\n",
                                   "X: y\r\n" * 200, "Range: bytes=0-1\r\n", "Origin: null\r\n"])
    if dice.random() < 0.03:
        return bytes(dice.randrange(256) for _ in range(dice.randint(1, 2000))), False
    return (head, more), dice.random() < 0.01


def ask(base, seed):
    """Sends one request; the class of its status, or what became of it."""
    dice = random.Random(seed)
    host = base.removeprefix("http://")
    request, slowly = generated(dice)
    if isinstance(request, tuple):
        head, more = request
        request = f"{head}Host: {host}\r\nConnection: close\r\n{more}\r\n".encode("utf-8", "replace")
    name, port = host.rsplit(":", 1)
    with socket.create_connection((name, int(port)), 90) as connection:
        try:
            if slowly:
                for byte in request[:40]:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.05)
                return "gave up"
            connection.sendall(request)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk[:200] if answer else chunk
        except OSError as error:
            return type(error).__name__
    return answer[9:12].decode("ascii", "replace") if answer.startswith(b"HTTP/1.1 ") else "closed"


def hostile(given):
    with served(given.program, given.index) as (base, process):
        with concurrent.futures.ThreadPoolExecutor(24) as people:
            tenth = given.requests // 10
            seen = collections.Counter(people.map(lambda seed: ask(base, seed), range(tenth)))
            before = memory(process)
            seen += collections.Counter(people.map(lambda seed: ask(base, seed), range(tenth, given.requests)))
        after = memory(process)
        alive = urllib.request.urlopen(base + "/healthz").status
    print(f"{given.requests} requests: {dict(sorted(seen.items()))}; memory {before:.0f} to {after:.0f} MB; alive: {alive}")
    failed = sum(count for status, count in seen.items() if status.startswith("5"))
    return 1 if failed or after > before * 1.5 + 20 else 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", choices=["load", "hostile"])
    arguments.add_argument("program")
    arguments.add_argument("index")
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--connections", type=int, default=32)
    arguments.add_argument("--queries", type=int, default=400)
    arguments.add_argument("--different", action="store_true")
    arguments.add_argument("--meanwhile", metavar="COMMAND")
    arguments.add_argument("--requests", type=int, default=10_000)
    given = arguments.parse_args()
    given.program = os.path.abspath(given.program)
    return load(given) if given.what == "load" else hostile(given)


if __name__ == "__main__":
    raise SystemExit(main())
