"""What the invented patients come with: department by department.

Codes are ICD-10. ``words`` are what patients say; a complaint whose story uses one of
them is linked to a visit with that diagnosis.
"""

from typing import NamedTuple

ICD10 = "http://hl7.org/fhir/sid/icd-10"


class Diagnosis(NamedTuple):
    code: str
    name: str
    words: str
    classes: str = "AMB"
    ages: tuple[int, int] = (15, 120)
    gender: str | None = None
    chronic: bool = False

    def fits(self, person, day, encounter_class):
        """Tell whether a person can have it on a day, in a class of visit."""
        age = person.age_on(day)
        return (
            encounter_class in self.classes.split()
            and age is not None
            and self.ages[0] <= age <= self.ages[1]
            and self.gender in (None, person.gender)
        )

    def is_told_in(self, text):
        return any(word in text for word in self.words.split("、"))


D = Diagnosis
ADULT, OLD, CHILD = (18, 120), (60, 120), (0, 14)

# fmt: off
DIAGNOSES = {
    "emergency": [
        D("R07.4", "胸痛", "胸痛、胸闷", "EMER", (35, 120)),
        D("S01.9", "头部开放性损伤", "头部外伤、摔伤头部、头部", "EMER", (3, 120)),
        D("S61.9", "手部开放性损伤", "割伤", "EMER", (16, 70)),
        D("N23", "肾绞痛", "肾绞痛", "EMER", (20, 65)),
        D("R10.4", "腹痛", "腹痛、肚子疼", "EMER", (5, 120)),
        D("A09", "急性胃肠炎", "呕吐、腹泻", "EMER", (0, 120)),
        D("R50.9", "发热", "发热、发烧、烧到", "EMER", (0, 120)),
        D("T78.4", "过敏反应", "过敏、皮疹", "EMER", (2, 80)),
        D("I63.9", "脑梗死", "言语不清、偏瘫", "EMER", OLD),
        D("J44.1", "慢性阻塞性肺病急性加重", "气喘、喘憋", "EMER", OLD),
        D("F10.0", "急性酒精中毒", "醉酒、喝多", "EMER", (20, 60)),
        D("S93.4", "踝关节扭伤", "扭伤", "EMER", (8, 60)),
    ],
    "cardiology": [
        D("I10", "原发性高血压", "血压、头晕", "AMB VR", (35, 120), None, True),
        D("I25.1", "冠心病", "胸痛、冠心病、支架", "AMB IMP", (45, 120), None, True),
        D("I48.9", "心房颤动", "房颤", "AMB IMP", (50, 120), None, True),
        D("I50.9", "心力衰竭", "心衰、气短", "AMB IMP HH", OLD, None, True),
        D("I49.9", "心律失常", "心慌、心悸、早搏", "AMB IMP", (20, 120)),
    ],
    "respiratory": [
        D("J44.9", "慢性阻塞性肺病", "慢阻肺、气喘", "AMB IMP HH", (55, 120), None, True),
        D("J18.9", "肺炎", "肺炎", "AMB IMP", ADULT),
        D("J40", "支气管炎", "咳嗽、咳痰", "AMB", ADULT),
        D("R91", "肺结节", "肺结节", "AMB", (35, 120), None, True),
    ],
    "gastroenterology": [
        D("K29.5", "慢性胃炎", "胃痛、胃胀", "AMB", ADULT, None, True),
        D("K21.0", "反流性食管炎", "反酸、烧心", "AMB", ADULT),
        D("K63.5", "结肠息肉", "肠镜、息肉", "AMB IMP", (40, 120)),
        D("K92.2", "消化道出血", "黑便", "IMP", (35, 120)),
    ],
    "neurology": [
        D("I63.9", "脑梗死", "脑梗、手脚麻木", "AMB IMP", (55, 120), None, True),
        D("R42", "头晕和眩晕", "头晕", "AMB IMP", (35, 120)),
        D("G43.9", "偏头痛", "头痛", "AMB", (18, 60)),
        D("G20", "帕金森病", "手抖", "AMB", (60, 120), None, True),
        D("G47.0", "失眠", "睡不着", "AMB VR", (25, 120)),
    ],
    "endocrinology": [
        D("E11.9", "2型糖尿病", "糖尿病、血糖", "AMB IMP VR", (40, 120), None, True),
        D("E05.9", "甲状腺功能亢进症", "手抖出汗", "AMB", (20, 60), None, True),
        D("E04.1", "甲状腺结节", "甲状腺结节", "AMB", (25, 120), None, True),
        D("M10.9", "痛风", "脚趾痛", "AMB VR", (30, 80), "male", True),
    ],
    "general_surgery": [
        D("K80.2", "胆囊结石", "胆囊", "AMB IMP", (30, 120)),
        D("K35.8", "急性阑尾炎", "阑尾", "IMP", (12, 65)),
        D("K40.9", "腹股沟疝", "疝气", "AMB IMP", (40, 120)),
        D("K64.9", "痔", "痔疮", "AMB IMP", (25, 75)),
        D("I83.9", "下肢静脉曲张", "静脉曲张", "AMB IMP", (35, 75)),
        D("N60.9", "乳腺良性肿物", "乳腺", "AMB IMP", (25, 60), "female"),
        D("C18.9", "结肠恶性肿瘤", "肠癌", "AMB IMP", (50, 120), None, True),
        D("D17.9", "脂肪瘤", "体表肿块", "AMB IMP", (20, 70)),
    ],
    "orthopaedics": [
        D("S82.2", "胫骨骨折", "小腿骨折", "IMP", (18, 75)),
        D("S52.5", "桡骨远端骨折", "手腕骨折", "AMB IMP", (30, 85)),
        D("S72.0", "股骨颈骨折", "股骨颈、髋部骨折", "IMP", OLD),
        D("M51.2", "腰椎间盘突出", "腰椎、腰痛", "AMB IMP", (25, 80)),
        D("M17.9", "膝骨关节炎", "膝", "AMB IMP", (50, 120), None, True),
        D("M75.1", "肩袖损伤", "肩膀", "AMB IMP", (35, 75)),
    ],
    "obstetrics": [
        D("N76.0", "阴道炎", "阴道炎", "AMB", (18, 55), "female"),
        D("D25.9", "子宫肌瘤", "子宫肌瘤", "AMB IMP", (35, 55), "female", True),
        D("N92.6", "月经不规则", "月经、B超", "AMB", (18, 50), "female"),
        D("N95.1", "更年期综合征", "潮热", "AMB", (47, 62), "female"),
    ],
    "paediatrics": [
        D("J18.0", "支气管肺炎", "肺炎", "AMB IMP", CHILD),
        D("B08.4", "手足口病", "手足口", "AMB", (0, 8)),
        D("L20.9", "特应性皮炎", "湿疹", "AMB", (0, 10), None, True),
        D("J45.9", "哮喘", "哮喘", "AMB IMP", (4, 14), None, True),
        D("J06.9", "急性上呼吸道感染", "发热、发烧、咳嗽", "AMB", CHILD),
        D("A08.0", "轮状病毒性肠炎", "腹泻", "AMB IMP", (0, 6)),
    ],
    "stomatology": [
        D("K02.1", "龋齿", "补牙、蛀牙", "AMB", (4, 90)),
        D("K04.0", "牙髓炎", "牙痛", "AMB", (8, 90)),
        D("K01.1", "阻生齿", "智齿", "AMB", (18, 40)),
        D("K08.1", "牙列缺损", "种植牙", "AMB", (40, 80)),
    ],
    "checkup": [D("Z00.0", "健康体检", "体检", "AMB", ADULT)],
}
# fmt: on
PRENATAL = D("Z34.9", "正常妊娠监督", "产检", "AMB", (18, 45), "female")
BIRTH = D("O80", "自然分娩", "分娩", "IMP", (18, 45), "female")
CAESAREAN = D("O82", "剖宫产分娩", "剖宫产", "IMP", (18, 45), "female")
