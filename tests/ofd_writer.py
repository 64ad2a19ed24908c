"""Writes OFD files (GB/T 33190-2016) for the tests: paragraphs set in lines and pages, tables with ruled lines."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from policyparse.document import Table

SIZE, PITCH = 5.6, 10.2
"""Millimetres of a character, and from one line to the next."""
LEFT, TOP, BOTTOM = 28.0, 37.0, 262.0
COLUMNS = 28
"""Characters of a line."""
NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def text_object(text: str, x: float, y: float, *, size: float = SIZE, room: float = 500, more: str = "") -> str:
    """Characters whose baseline is `y`, set closer where there is no room; `more` are attributes, as CTM and Alpha."""
    widths = [size / 2 if sign.isascii() else size for sign in text]
    steps = " ".join(str(width * min(1, room / sum(widths))) for width in widths[:-1])
    return (
        f'<ofd:TextObject ID="1" Font="1" Size="{size}" Boundary="{x} {y - size} {size * len(text)} {size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="{steps}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def line_object(x0: float, y0: float, x1: float, y1: float) -> str:
    """A ruled line."""
    return (
        f'<ofd:PathObject ID="2" Boundary="{x0} {y0} {x1 - x0} {y1 - y0}">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def package(members: Mapping[str, str | bytes]) -> bytes:
    """An archive of members."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def pages(contents: Iterable[str], *, templates: Mapping[str, str] | None = None, uses: str = "") -> bytes:
    """A file of pages, each given by the objects it draws; all of them use the template with the number `uses`."""
    root = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    members = {"OFD.xml": f"<ofd:OFD {NAMESPACE}>{root}</ofd:OFD>"}
    listed, known = "", ""
    used = f'<ofd:Template TemplateID="{uses}"/>' if uses else ""
    for number, content in enumerate(contents):
        members[f"Doc_0/Pages/Page_{number}/Content.xml"] = _content(content, used)
        listed += f'<ofd:Page ID="{number + 10}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
    for name, content in (templates or {}).items():
        members[f"Doc_0/Tpls/{name}.xml"] = _content(content)
        known += f'<ofd:TemplatePage ID="{name}" BaseLoc="Tpls/{name}.xml"/>'
    document = f"<ofd:CommonData>{known}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
    members["Doc_0/Document.xml"] = f"<ofd:Document {NAMESPACE}>{document}</ofd:Document>"
    return package(members)


def _content(objects: str, used: str = "") -> str:
    layer = f'<ofd:Content><ofd:Layer ID="3">{objects}</ofd:Layer></ofd:Content>'
    return f"<ofd:Page {NAMESPACE}>{used}{layer}</ofd:Page>"


def notice(text: str, tables: Sequence[Table] = ()) -> bytes:
    """A file that sets each line of a text as a paragraph, and lines with tabs as rows of a ruled table.

    `tables` are those of a text layer: their merged cells are drawn without lines in them.
    """
    above, beside = set(), set()  # lines and columns of cells that go on from the row above, or from the left
    for cell in (cell for table in tables for cell in table.cells):
        first = text.count("\n", 0, cell.span[0])
        for line in range(first, first + cell.rowspan):
            columns = range(cell.column, cell.column + cell.colspan)
            above |= {(line, column) for column in columns if line > first}
            beside |= {(line, column) for column in columns[1:]}
    setter = _Setter()
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if "\t" in line.strip(" "):
            cells = [(cell, (index, at) in above, (index, at) in beside) for at, cell in enumerate(line.split("\t"))]
            keep = any(line == index + 1 for line, _ in above)
            setter.row(cells, last="\t" not in "".join(lines[index + 1 : index + 2]), keep=keep)
        elif line.strip():
            setter.paragraph(line.strip())
    return pages(setter.finish())


def _broken(text: str, first: float, others: float) -> list[str]:
    """A text as lines of so many full-width characters; no line begins with a punctuation mark."""
    lines, width = [""], 0.0
    for sign in text:
        width += 0.5 if sign.isascii() else 1
        if width > (others if len(lines) > 1 else first) and sign not in "，。；：、）》”！？,.;:)%":
            lines.append("")
            width = 0.5 if sign.isascii() else 1
        lines[-1] += sign
    return lines


class _Setter:
    """Sets lines and rows one below the other, with a number at the foot of each page."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.objects = ""
        self.y = TOP

    def finish(self) -> list[str]:
        self.turn()
        return self.done

    def turn(self) -> None:
        number = f"- {len(self.done) + 1} -"
        self.done.append(self.objects + text_object(number, 150, 275, size=4.9))
        self.objects, self.y = "", TOP

    def paragraph(self, text: str) -> None:
        for order, piece in enumerate(_broken(text, COLUMNS - 2, COLUMNS)):
            if self.y + PITCH > BOTTOM:
                self.turn()
            self.y += PITCH
            self.objects += text_object(
                piece, LEFT if order else LEFT + 2 * SIZE, self.y, room=(COLUMNS if order else COLUMNS - 2) * SIZE
            )

    def row(self, cells: Sequence[tuple[str, bool, bool]], *, last: bool, keep: bool) -> None:
        """Cells: text, and whether each goes on from the row above and from the left; `keep`: so does the next."""
        width = COLUMNS * SIZE / len(cells)
        fits = int(width / SIZE) - 1
        broken = [_broken(cell, fits, fits) for cell, _, _ in cells]
        top, height = self.y + 2, PITCH * max(1, *map(len, broken)) + 2
        if top + (2 * height if keep else height) > BOTTOM:
            self.objects += line_object(LEFT, top, LEFT + COLUMNS * SIZE, top)
            self.turn()
            top = self.y + 2
        self.y = top + height - 2
        for column, (lines, (_, above, beside)) in enumerate(zip(broken, cells, strict=True)):
            x = LEFT + column * width
            self.objects += "" if above else line_object(x, top, x + width, top)
            self.objects += "" if beside else line_object(x, top, x, top + height)
            for order, piece in enumerate(lines, 1):
                self.objects += text_object(piece, x + 0.5 * SIZE, top + order * PITCH)
        right = LEFT + COLUMNS * SIZE
        self.objects += line_object(right, top, right, top + height)
        if last:
            self.objects += line_object(LEFT, top + height, right, top + height)
            self.y += 4
