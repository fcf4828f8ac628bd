#!/usr/bin/env python3
"""Makes corpus/letters/*.pdf from sources/*.txt, and password.pdf beside this file. Needs reportlab and pypdf (with cryptography).

usage: make_pdfs.py [OUTDIR]      (default: corpus/letters/)

A source is UTF-8 text. Paragraphs are separated by empty lines; the lines of a paragraph are joined and wrapped again.
  %encrypt PASSWORD first lines: AES-128 (V4/R4, AESV2), user password (empty if none), copying not allowed
  %font Helvetica   first lines: another standard font (default Times-Roman)
  | left | right    a row of the two-column header; "Application Received:" wraps in its cell as in the published files
  # text            a heading (bold)
  * text            a bold paragraph (the title of an item)
  <page>            on a line of its own: a new page starts here, also inside a paragraph
  <br>              a line ends here
A line may also end after a hyphen inside a word.
The same source gives the same bytes.
"""
import hashlib, io, os, re, secrets, sys
from pypdf import PdfReader, PdfWriter
from pypdf.constants import UserAccessPermissions
from pypdf.generic import NameObject, NumberObject
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT, MARGIN, SIZE, LEADING = 612, 792, 72, 12, 13.8
PERMISSIONS = -1340   # printing, and reading aloud; no copying
BOLD = {"Times-Roman": "Times-Bold", "Helvetica": "Helvetica-Bold"}
HERE = os.path.dirname(os.path.abspath(__file__))


def split(line, word, font):
    """The part of the word up to a hyphen that still fits the line, and the rest."""
    for m in reversed(list(re.finditer(r"(?<=[A-Za-z0-9])-(?=[A-Za-z0-9])", word))):
        if stringWidth(f"{line} {word[:m.end()]}", font, SIZE) <= WIDTH - 2 * MARGIN:
            return word[:m.end()], word[m.end():]
    return "", word


def wrap(words, font):
    """Lines that fit the page; None ends a line, "\f" ends a page."""
    lines, line = [], ""
    for word in words:
        if word in (None, "\f"):
            if line: lines.append(line)
            if word: lines.append("\f")
            line = ""
            continue
        longer = f"{line} {word}" if line else word
        if line and stringWidth(longer + " ", font, SIZE) > WIDTH - 2 * MARGIN:
            head, tail = split(line, word, font)
            lines.append(f"{line} {head}".rstrip())
            line = tail
        else:
            line = longer
    return lines + [line] if line else lines


def tokens(text):
    text = re.sub(r"\s*<page>\s*", " \f ", text)
    for part in re.split(r"(<br>|\f)", text):
        if part == "\f": yield "\f"
        elif part == "<br>": yield None
        else: yield from part.split()


class Page:
    def __init__(self, font):
        self.buffer, self.font = io.BytesIO(), font
        self.canvas = Canvas(self.buffer, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
        self.start()

    def start(self):
        self.y = HEIGHT - MARGIN

    def turn(self):
        self.canvas.showPage()
        self.start()

    def draw(self, x, text, bold=False):
        self.canvas.setFont(BOLD[self.font] if bold else self.font, SIZE)
        self.canvas.drawString(x, self.y, text)

    def line(self, text, bold=False):
        if self.y < MARGIN:
            if not text: return
            self.turn()
        self.draw(MARGIN, text if text.endswith("-") else text + " ", bold)
        self.y -= LEADING


def header(page, rows):
    right = 316
    for row in rows:
        left_cell, right_cell = ([c.strip() for c in row.split("|")[1:]] + [""])[:2]
        m = re.match(r"(Application) (Received:) (\S+)$", right_cell)
        text = page.canvas.beginText(MARGIN, page.y)
        text.setFont(page.font, SIZE)
        text.textOut(left_cell + "  ")
        if right_cell:
            text.moveCursor(right - MARGIN, 0)
            text.textOut((m[1] if m else right_cell) + " ")
        if m:
            text.moveCursor(0, LEADING)
            text.textOut(m[2] + "  ")
            text.moveCursor(110, -LEADING / 2)
            text.textOut(m[3] + " ")
            page.y -= LEADING
        page.canvas.drawText(text)
        page.y -= LEADING


def make(source):
    options, body = {}, source.replace("\r\n", "\n")
    while m := re.match(r"%(\w+)[ ]?(.*)\n", body):
        options[m[1]], body = m[2], body[m.end():]
    page = Page(options.get("font", "Times-Roman"))
    page.line("")
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        if paragraph.startswith("|"):
            header(page, paragraph.split("\n"))
        else:
            for block in re.split(r"\n(?=[#*] )|(?<=\n)(?=\n)", paragraph):
                bold = block[:2] in ("# ", "* ")
                heading = block.startswith("# ")
                first, _, rest = block.partition("\n") if heading else (block, "", "")
                for text, strong in ((first[2:] if bold else first, bold), (rest, False)):
                    font = BOLD[page.font] if strong else page.font
                    for line in wrap(tokens(text), font):
                        page.turn() if line == "\f" else page.line(line, strong)
        page.line("")
    page.canvas.save()
    data = page.buffer.getvalue()
    if "encrypt" not in options: return data
    state = [hashlib.sha256(source.encode()).digest()]
    def token_bytes(n):
        out = b""
        while len(out) < n:
            state[0] = hashlib.sha256(state[0]).digest()
            out += state[0]
        return out[:n]
    original, secrets.token_bytes = secrets.token_bytes, token_bytes   # the same bytes in every run
    try:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
        writer.encrypt(options["encrypt"].strip(), "publisher", algorithm="AES-128",
                       permissions_flag=UserAccessPermissions(PERMISSIONS & 0xFFFFFFFF))
        writer._encrypt_entry[NameObject("/P")] = NumberObject(PERMISSIONS)   # signed, as the standard has it
        out = io.BytesIO()
        writer.write(out)
    finally:
        secrets.token_bytes = original
    return out.getvalue()


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "..", "corpus", "letters")
    folder = os.path.join(HERE, "sources")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".txt"):
            with open(os.path.join(folder, name), encoding="utf-8") as f: data = make(f.read())
            with open(os.path.join(out, name[:-4] + ".pdf"), "wb") as f: f.write(data)
    with open(os.path.join(HERE, "password.pdf"), "wb") as f:
        f.write(make("%encrypt secret\nNobody can read this text without the password."))


if __name__ == "__main__":
    main()
