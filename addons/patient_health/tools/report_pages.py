"""The parts of a health report: texts cut to size, courses thinned, pages packed. No ORM."""

from lxml import etree, html

# A paragraph of a page is not longer (characters), nor does a table have more rows.
MAX_TEXT = 2_000
MAX_ROWS = 25
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def thin(points, most):
    """Return at most so many points of a course, the extremes of each stretch among them.

    :param points: dicts with value, by time
    :param int most: 4 or more; the first and the last point always stay
    """
    if len(points) <= most:
        return list(points)
    middle = points[1:-1]
    stretches = (most - 2) // 2
    kept = {0, len(points) - 1}
    for number in range(stretches):
        first, after = (
            len(middle) * part // stretches for part in (number, number + 1)
        )
        stretch = range(first + 1, after + 1)
        kept.add(min(stretch, key=lambda place: points[place]["value"]))
        kept.add(max(stretch, key=lambda place: points[place]["value"]))
    return [points[place] for place in sorted(kept)]


def read_blocks(source):
    """Return what a text in HTML says as blocks: plain, without any mark-up of its own.

    :param str source: HTML that an editor made, or nothing
    :return: list of dict with title (str), texts (list of str), and of tables columns
        (list of str) and rows (lists of str)
    """
    if not (source or "").strip():
        return []
    blocks = [{"title": "", "texts": []}]
    for element in html.fragment_fromstring(source, create_parent="div"):
        if not isinstance(element.tag, str):
            continue
        _read_element(element, blocks)
    return [block for block in blocks if any(block.values())]


def split_block(block):
    """Yield the parts of a block that are small enough for any page.

    Only the first part has the title and the course.
    """
    texts = [piece for text in block.get("texts", ()) for piece in _cut(text)]
    rows = block.get("rows", ())
    head = {name: block[name] for name in ("title", "level", "trend") if name in block}
    while texts or rows or head:
        part = {**head, "texts": texts[:4]}
        texts = texts[4:]
        if not texts and rows:
            part.update(columns=block.get("columns", ()), rows=rows[:MAX_ROWS])
            rows = rows[MAX_ROWS:]
        head = {}
        yield part


def pack(sections, most):
    """Pack the parts of sections into pages.

    :param sections: pairs of (title, list of parts as HTML)
    :param int most: bytes that the parts of a page weigh at most; a part alone may be
        heavier
    :return: list of pages, each a list of (title, list of parts); a section that goes on
        has its title again
    """
    pages, weight = [[]], 0
    for title, parts in sections:
        place = None
        for part in parts:
            size = len(part.encode()) + (
                0 if place is not None else len(title.encode())
            )
            if pages[-1] and weight + size > most:
                pages.append([])
                weight, place = 0, None
            if place is None:
                place = []
                pages[-1].append((title, place))
            place.append(part)
            weight += size
    return pages


def _read_element(element, blocks):
    if element.tag in HEADINGS:
        blocks.append({"title": _get_text(element), "texts": []})
    elif element.tag == "table":
        blocks[-1].update(_read_table(element))
        blocks.append({"title": "", "texts": []})
    elif element.tag in ("ul", "ol", "div", "section") and len(element):
        if (element.text or "").strip():
            blocks[-1]["texts"].append(element.text.strip())
        for child in element:
            if isinstance(child.tag, str):
                _read_element(child, blocks)
    elif text := _get_text(element):
        mark = "· " if element.tag == "li" else ""
        blocks[-1]["texts"].append(mark + text)
    if tail := (element.tail or "").strip():
        blocks[-1]["texts"].append(tail)


def _read_table(table):
    rows = [
        ([_get_text(cell) for cell in row], all(cell.tag == "th" for cell in row))
        for row in table.iter("tr")
    ]
    return {
        "columns": next((cells for cells, is_head in rows if is_head), []),
        "rows": [cells for cells, is_head in rows if not is_head],
    }


def _get_text(element):
    for line in list(element.iter("br")):
        line.tail = "\n" + (line.tail or "")
    text = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _cut(text):
    return [text[at : at + MAX_TEXT] for at in range(0, len(text), MAX_TEXT)]
