"""A trend as a picture that prints: inline SVG without a library. No ORM.

Only attributes that old print engines understand, no style sheet and no script. Levels
are told by the form of a mark as well as by its colour, for printers without colours.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from markupsafe import Markup, escape

from .bands import classify
from .ranges import write_number

FONT = "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, SimSun, sans-serif"
FONT_SIZE = 9
COLORS = {
    "unknown": "#495057",
    "normal": "#2b8a3e",
    "abnormal": "#e67700",
    "act": "#d9480f",
    "critical": "#c92a2a",
}
BAND_COLOR, ACT_COLOR, CRITICAL_COLOR = "#d3f9d8", "#f08c00", "#c92a2a"
LINE_COLOR, FRAME_COLOR, TEXT_COLOR = "#495057", "#ced4da", "#343a40"
MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM = 8, 10, 16
# Room for the numbers on the left, for each character.
CHARACTER_WIDTH = 5.5


class Frame(NamedTuple):
    """Where moments and numbers lie in the picture."""

    left: float
    right: float
    top: float
    bottom: float
    begin: datetime
    end: datetime
    low: float
    high: float

    def x(self, moment):
        span = (self.end - self.begin).total_seconds()
        part = (moment - self.begin).total_seconds() / span
        return self.left + min(max(part, 0), 1) * (self.right - self.left)

    def y(self, value):
        part = (value - self.low) / (self.high - self.low)
        return self.bottom - min(max(part, 0), 1) * (self.bottom - self.top)


def render_trend(points, band, width, height, *, begin=None, end=None, title=""):
    """Return a trend with its reference band as inline SVG (Markup).

    :param points: of (date or naive datetime, number), in any order; or dicts with at
        and value, as ``_get_health_trends`` returns them
    :param band: a ``Band``, a list of ``Segment``, or None
    :param width: in pixels; so is height
    :param begin: date or datetime at the left edge; that of the first point otherwise
    :param end: at the right edge
    :param str title: read aloud and shown by browsers
    """
    points = sorted(_unpack(point) for point in points)
    bands = [band] if _is_band(band) else [segment.band for segment in band or ()]
    frame = _get_frame(points, bands, width, height, begin, end)
    parts = [Markup("<title>{}</title>").format(title)] if title else []
    for first, last, drawn in _place_bands(band, frame):
        parts += _draw_band(frame, first, last, drawn)
    parts += _draw_axes(frame)
    parts += _draw_course(frame, points, band)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{w}" height="{h}"'
        ' viewBox="0 0 {w} {h}" font-family="{font}" font-size="{size}">{content}</svg>'
    ).format(
        w=_write(width),
        h=_write(height),
        font=FONT,
        size=FONT_SIZE,
        content=Markup("").join(parts),
    )


def _unpack(point):
    moment, value = (
        (point["at"], point["value"]) if isinstance(point, dict) else point[:2]
    )
    return _get_moment(moment), float(value)


def _get_moment(day):
    if isinstance(day, datetime):
        return day
    return datetime.combine(day, time.min) if isinstance(day, date) else day


def _is_band(band):
    return hasattr(band, "normal_low")


def _get_frame(points, bands, width, height, begin, end):
    moments = [moment for moment, _value in points]
    begin = _get_moment(begin) or min(moments, default=datetime(1970, 1, 1))
    end = _get_moment(end) or max(moments, default=begin)
    if end <= begin:
        begin, end = begin - timedelta(days=15), begin + timedelta(days=15)
    low, high = _get_scale(points, bands)
    labels = [len(write_number(value)) for value in (low, (low + high) / 2, high)]
    return Frame(
        left=8 + CHARACTER_WIDTH * max(labels),
        right=width - MARGIN_RIGHT,
        top=MARGIN_TOP,
        bottom=height - MARGIN_BOTTOM,
        begin=begin,
        end=end,
        low=low,
        high=high,
    )


def _get_scale(points, bands):
    """Return the lowest and highest number to show: all points and the normal range."""
    values = [value for _moment, value in points]
    for band in bands:
        values += [
            line for line in (band.normal_low, band.normal_high) if line is not None
        ]
    low, high = min(values, default=0.0), max(values, default=1.0)
    step = _get_step((high - low) or abs(high) or 1.0)
    return step * (low // step), step * -(-high // step) if high % step else high + step


def _get_step(span):
    """Return a round step of which about four fit into a span."""
    size = 10.0 ** len(str(int(span))) if span >= 1 else 1.0
    while size > span / 4:
        for part in (0.5, 0.2, 0.1):
            if size * part <= span / 4:
                return size * part
        size /= 10
    return size


def _place_bands(band, frame):
    if not band:
        return []
    if _is_band(band):
        return [(frame.begin, frame.end, band)]
    return [
        (_get_moment(one.first), _get_moment(one.last + timedelta(days=1)), one.band)
        for one in band
        if _get_moment(one.last) >= frame.begin and _get_moment(one.first) <= frame.end
    ]


def _draw_band(frame, first, last, band):
    left, right = frame.x(first), frame.x(last)
    normal_low, normal_high = band.normal_low, band.normal_high
    if normal_low is not None or normal_high is not None:
        top = frame.top if normal_high is None else frame.y(normal_high)
        bottom = frame.bottom if normal_low is None else frame.y(normal_low)
        yield _tag(
            "rect",
            x=left,
            y=top,
            width=max(right - left, 0),
            height=max(bottom - top, 0),
            fill=BAND_COLOR,
        )
    for color, dashes, lines in (
        (ACT_COLOR, "4 3", (band.act_low, band.act_high)),
        (CRITICAL_COLOR, "1 2", (band.critical_low, band.critical_high)),
    ):
        for line in lines:
            if line is not None and frame.low <= line <= frame.high:
                y = frame.y(line)
                yield _draw_line(left, y, right, y, color, stroke_dasharray=dashes)


def _draw_axes(frame):
    yield _tag(
        "rect",
        x=frame.left,
        y=frame.top,
        width=frame.right - frame.left,
        height=frame.bottom - frame.top,
        fill="none",
        stroke=FRAME_COLOR,
    )
    for value in (frame.low, (frame.low + frame.high) / 2, frame.high):
        y = frame.y(value)
        yield _draw_line(frame.left - 3, y, frame.left, y, FRAME_COLOR)
        yield _draw_text(frame.left - 5, y + 3, write_number(value), "end")
    yield from _draw_days(frame)


def _draw_days(frame):
    """Write the years along the foot; the first and the last day of a short course."""
    baseline = frame.bottom + 12
    years = range(frame.begin.year + 1, frame.end.year + 1)
    if len(years) < 2:
        yield _draw_text(frame.left, baseline, f"{frame.begin:%Y-%m-%d}", "start")
        yield _draw_text(frame.right, baseline, f"{frame.end:%Y-%m-%d}", "end")
        return
    every = -(-len(years) * 30 // max(int(frame.right - frame.left), 1))
    for year in years[:: max(every, 1)]:
        x = frame.x(datetime(year, 1, 1))
        yield _draw_line(x, frame.bottom, x, frame.bottom + 3, FRAME_COLOR)
        anchor = "end" if x > frame.right - 14 else "middle"
        yield _draw_text(x, baseline, str(year), anchor)


def _draw_course(frame, points, band):
    if not points:
        x, y = (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2
        yield _draw_text(x, y + 3, "—", "middle")
        return
    places = [(frame.x(moment), frame.y(value)) for moment, value in points]
    if len(places) > 1:
        path = " ".join(f"{_write(x)},{_write(y)}" for x, y in places)
        yield _tag(
            "polyline", points=path, fill="none", stroke=LINE_COLOR, stroke_width=1.2
        )
    for (x, y), (moment, value) in zip(places, points, strict=True):
        yield _draw_mark(x, y, *classify(_find_band(band, moment), value))


def _find_band(band, moment):
    if band is None or _is_band(band):
        return band
    return next(
        (one.band for one in band if one.first <= moment.date() <= one.last), None
    )


def _draw_mark(x, y, level, side):
    """A dot for what is normal, a triangle that points where the number went."""
    color = COLORS[level]
    if side is None:
        return _tag("circle", cx=x, cy=y, r=2.2, fill=color)
    tip, foot = (-3.8, 2.6) if side == "high" else (3.8, -2.6)
    corners = ((x, y + tip), (x - 3.4, y + foot), (x + 3.4, y + foot))
    path = " ".join(f"{_write(one)},{_write(other)}" for one, other in corners)
    return _tag("polygon", points=path, fill=color)


def _draw_line(x1, y1, x2, y2, color, **more):
    return _tag("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=color, **more)


def _draw_text(x, y, text, anchor):
    return Markup('<text x="{}" y="{}" text-anchor="{}" fill="{}">{}</text>').format(
        _write(x), _write(y), anchor, TEXT_COLOR, text
    )


def _tag(name, **attributes):
    """Return an empty element; numbers are written short, texts are escaped."""
    written = Markup("").join(
        Markup(' {}="{}"').format(
            key.replace("_", "-"),
            value if isinstance(value, str) else _write(value),
        )
        for key, value in attributes.items()
    )
    return Markup("<{}{}/>").format(Markup(escape(name)), written)


def _write(number):
    return f"{number:.2f}".rstrip("0").rstrip(".")
