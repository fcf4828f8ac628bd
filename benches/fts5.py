"""Ranks items with SQLite FTS5: any word, porter stems, bm25; the case summary left out.

Reads one JSON value from stdin, {"items": [{"id", "text"}], "queries": [...]}, and writes a list of lists of ids.
"""
import json, re, sqlite3, sys

given = json.load(sys.stdin)
db = sqlite3.connect(":memory:")
db.execute("create virtual table items using fts5(id unindexed, text, tokenize='porter unicode61')")
db.executemany("insert into items values (?, ?)", [(item["id"], item["text"]) for item in given["items"]])
found = []
for query in given["queries"]:
    words = re.findall(r"\w+", query)
    match = " OR ".join(f'"{word}"' for word in words)
    rows = db.execute("select id from items where items match ? order by bm25(items), id limit 10", (match,)).fetchall() if words else []
    found.append([row[0] for row in rows])
json.dump(found, sys.stdout)
