"""What invented reports of examinations say, and pages that look like theirs. No ORM."""

import io
import math
from typing import NamedTuple

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A5
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"  # known to readers of PDF, so that the file stays small
LINE, MARGIN, WIDTH = 20, 40, 24  # points, points, characters
TRACE = (600, 160)  # pixels


class Kind(NamedTuple):
    """One examination of a department; ``texts`` by story."""

    name: str
    category: str
    code: str | None  # LOINC
    performer: str
    texts: dict
    page: str | None = None  # what kind of file some of them bring


ECG = Kind(
    "十二导联心电图",
    "cardiology",
    "11524-6",
    "心电图室",
    {
        "improving": "窦性心律，心率68次/分。较前次ST-T改变恢复，未见异常Q波。\n"
        "结论：大致正常心电图。",
        "neglected": "窦性心律，心率88次/分。左室高电压，V4–V6导联ST段压低0.05–0.1 mV，"
        "T波低平。\n结论：左心室肥厚伴ST-T改变，较前次明显。",
        "steady": "窦性心律，心率74次/分。各导联波形及间期在正常范围。\n结论：正常心电图。",
    },
    "png",
)
ECHO = Kind(
    "心脏彩超",
    "ultrasound",
    "34552-0",
    "超声科",
    {
        "improving": "左房前后径38 mm（前次41 mm），室间隔11 mm，左室射血分数60%。\n"
        "结论：左室舒张功能减低，较前次好转。",
        "neglected": "左房前后径43 mm，室间隔13 mm，左室射血分数52%，二尖瓣轻度反流。\n"
        "结论：左房增大，室间隔增厚，左室舒张功能减低。",
        "steady": "各房室内径正常，室壁运动协调，左室射血分数63%。\n结论：未见明显异常。",
    },
)
CHEST_CT = Kind(
    "胸部CT平扫",
    "radiology",
    "24627-2",
    "影像科",
    {
        "improving": "双肺纹理清晰，右下肺原斑片影较前明显吸收。纵隔未见肿大淋巴结。\n"
        "结论：右下肺炎症，较前吸收。",
        "neglected": "双肺透亮度增高，右上肺见磨玻璃结节，约8 mm（一年前6 mm）。\n"
        "结论：肺气肿；右上肺结节较前增大，建议3个月内复查并呼吸科就诊。",
        "steady": "双肺野清晰，右中肺见4 mm实性小结节，与前次相仿。\n"
        "结论：右中肺微小结节，建议年度复查。",
    },
    "pdf",
)
ABDOMEN = Kind(
    "腹部彩超（肝胆胰脾肾）",
    "ultrasound",
    "24558-9",
    "超声科",
    {
        "improving": "肝脏回声较前次均匀，胆囊壁光滑，胰脾双肾未见异常。\n"
        "结论：轻度脂肪肝，较前次减轻。",
        "neglected": "肝脏体积增大，回声细密增强，后方衰减；胆囊内见强回声，约9 mm。\n"
        "结论：中度脂肪肝；胆囊结石。建议控制体重，消化科随诊。",
        "steady": "肝胆胰脾双肾大小形态正常，回声均匀。\n结论：未见明显异常。",
    },
    "pdf",
)
HEAD_CT = Kind(
    "头颅CT平扫",
    "radiology",
    "24725-4",
    "影像科",
    {
        "improving": "双侧基底节区原低密度灶边界清楚，未见新发病灶。\n"
        "结论：陈旧性腔隙性脑梗死。",
        "neglected": "双侧基底节区多发点状低密度灶，较前增多，脑室周围白质稀疏。\n"
        "结论：多发腔隙性脑梗死，脑白质变性。建议控制血压、血糖。",
        "steady": "脑实质密度未见异常，中线结构居中。\n结论：未见明显异常。",
    },
)
THYROID = Kind(
    "甲状腺彩超",
    "ultrasound",
    "24848-4",
    "超声科",
    {
        "improving": "甲状腺右叶结节5 mm（前次6 mm），边界清，TI-RADS 2类。\n"
        "结论：良性结节，随访。",
        "neglected": "甲状腺左叶结节11 mm，边界欠清，见点状强回声，TI-RADS 4a类。\n"
        "结论：建议内分泌科就诊，必要时细针穿刺。",
        "steady": "甲状腺大小正常，回声均匀。\n结论：未见明显异常。",
    },
)
X_RAY = Kind(
    "膝关节正侧位片",
    "radiology",
    "24802-1",
    "影像科",
    {
        "improving": "关节间隙基本对称，骨质未见破坏。\n结论：轻度退行性改变，与前次相仿。",
        "neglected": "内侧关节间隙变窄，胫骨平台骨赘形成。\n结论：膝关节骨性关节炎（K-L 3级）。",
        "steady": "骨质结构完整，关节间隙正常。\n结论：未见明显异常。",
    },
)
GASTROSCOPY = Kind(
    "电子胃镜",
    "endoscopy",
    "18751-8",
    "内镜中心",
    {
        "improving": "胃窦黏膜轻度充血，原糜烂灶愈合，HP（−）。\n"
        "结论：慢性非萎缩性胃炎，较前好转。",
        "neglected": "胃窦黏膜红白相间，多发糜烂，HP（+）。\n"
        "结论：慢性萎缩性胃炎伴糜烂，建议根除幽门螺杆菌治疗，等待病理。",
        "steady": "食管、胃、十二指肠黏膜光滑。\n结论：慢性浅表性胃炎。",
    },
)
LUNG_FUNCTION = Kind(
    "肺功能检查",
    "function",
    "81459-0",
    "肺功能室",
    {
        "improving": "FEV1/FVC 72%，FEV1占预计值81%。\n结论：通气功能较前改善。",
        "neglected": "FEV1/FVC 58%，FEV1占预计值52%，舒张试验阴性。\n"
        "结论：中度阻塞性通气功能障碍。",
        "steady": "FEV1/FVC 80%，FEV1占预计值93%。\n结论：通气功能正常。",
    },
)
# What is examined at visits, by department.
BY_DEPARTMENT = {
    "department_cardiology": (ECG, ECHO),
    "department_respiratory": (CHEST_CT, LUNG_FUNCTION),
    "department_gastroenterology": (GASTROSCOPY, ABDOMEN),
    "department_neurology": (HEAD_CT,),
    "department_endocrinology": (THYROID, ABDOMEN),
    "department_general_surgery": (ABDOMEN,),
    "department_orthopaedics": (X_RAY,),
    "department_emergency": (ECG, CHEST_CT),
    "department_checkup": (ABDOMEN, ECG, CHEST_CT),
}
CHECK_UP_ADVICE = {
    None: "首次建立健康档案，请按年度体检。",
    "improving": "与上年相比，体重、血脂下降，请继续保持饮食与运动。",
    "neglected": "与上年相比，体重、血脂、尿酸上升，请到健康管理门诊制定干预计划。",
    "steady": "各项与上年相仿，请按年度体检。",
}


def conclude(abnormal, story):
    """Return the words of a laboratory report.

    :param list abnormal: what is out of range, as people write it
    :param str story: None where there is nothing to compare with
    """
    if not abnormal:
        return "本次各项结果均在参考范围内。"
    words = "、".join(abnormal)
    if story == "neglected":
        return f"异常项目：{words}。较前次升高，请尽快复诊。"
    return f"异常项目：{words}。请结合临床，定期复查。"


def draw_page(kind, title, lines):
    """Return the bytes of a small file: a PDF with the words, or the trace of an ECG."""
    return draw_trace() if kind == "png" else draw_pdf(title, lines)


def draw_pdf(title, lines):
    """Return a PDF of one page; the same words give the same bytes."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    page = Canvas(out, pagesize=A5, invariant=1)
    page.setTitle(title)
    height = A5[1] - 2 * MARGIN
    page.setFont(FONT, 16)
    page.drawCentredString(A5[0] / 2, height, title)
    page.setFont(FONT, 12)
    for line in lines:
        for begin in range(0, len(line), WIDTH):
            height -= LINE
            page.drawString(MARGIN, height, line[begin : begin + WIDTH])
    page.save()
    return out.getvalue()


def draw_trace():
    """Return a PNG of a made-up heartbeat on squared paper."""
    width, height = TRACE
    picture = Image.new("RGB", TRACE, "#fffafa")
    pen = ImageDraw.Draw(picture)
    for place in range(0, width, 10):
        pen.line((place, 0, place, height), fill="#f2c4c4" if place % 50 else "#e08a8a")
    for place in range(0, height, 10):
        pen.line((0, place, width, place), fill="#f2c4c4" if place % 50 else "#e08a8a")
    points = [(place, height / 2 - _beat(place % 120 / 120)) for place in range(width)]
    pen.line(points, fill="#202020", width=2)
    out = io.BytesIO()
    picture.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


def _beat(share):
    """Return the height of a heartbeat (pixels) at a share of its length."""
    waves = ((0.18, 0.03, 8), (0.36, 0.008, -8), (0.39, 0.01, 60), (0.43, 0.01, -16))
    waves += ((0.65, 0.05, 14),)
    return sum(
        size * math.exp(-(((share - place) / wide) ** 2)) for place, wide, size in waves
    )
