"""What DiagnosticReport and DocumentReference call states and kinds, both ways."""

SECTIONS = "http://terminology.hl7.org/CodeSystem/v2-0074"
# Kinds of this record that HL7 does not tell apart.
OWN_CATEGORIES = "urn:patient-relations:examination-category"
LOINC = "http://loinc.org"
VOID = "entered_in_error"

REPORT_STATUSES = {
    "registered": "registered",
    "partial": "partial",
    "preliminary": "preliminary",
    "final": "final",
    "amended": "amended",
    "corrected": "corrected",
    "appended": "amended",
    "cancelled": "cancelled",
    "entered-in-error": VOID,
    # nobody may take it for signed
    "unknown": "preliminary",
}
DOCUMENT_STATUSES = {
    "current": None,  # then docStatus counts
    "superseded": "cancelled",
    "entered-in-error": VOID,
}
DOCUMENT_STATES = {
    "preliminary": "preliminary",
    "final": "final",
    "amended": "amended",
    "entered-in-error": VOID,
}
# Our status → docStatus.
STATES_OF_DOCUMENTS = {
    "registered": "preliminary",
    "partial": "preliminary",
    "preliminary": "preliminary",
    "final": "final",
    "amended": "amended",
    "corrected": "amended",
    VOID: "entered-in-error",
}

# HL7 v2-0074, diagnostic service sections → category of an examination.
_BY_SECTION = {
    "laboratory": "LAB BG BLB CG CH GE HM IMM MB MCB MYC OSL SR TX UR VR",
    "radiology": "RAD CT IMG NMR NMS RT RX XRC",
    "ultrasound": "RUS CUS OUS VUS",
    "cardiology": "EC CTH ICU",
    "pathology": "SP CP",
    "function": "PF AU EN RC",
    "other": "OTH NRS OT PHR PHY PT",
}
# LOINC: classes of reports, as US Core sends them, and types of documents.
_BY_LOINC = {
    "laboratory": "LP29693-6 11502-2 26436-6",
    "radiology": "LP29684-5 18748-4 18726-0 18747-6 24627-2 30746-2",
    "ultrasound": "18760-9 30704-1",
    "cardiology": "LP29708-2 11524-6 34534-8",
    "endoscopy": "18751-8 19805-1",
    "pathology": "LP7839-6 11526-1 60567-5",
    "function": "18759-1",
    "checkup": "51847-2 34117-2",
}
CATEGORIES = {
    code: category
    for table in (_BY_SECTION, _BY_LOINC)
    for category, codes in table.items()
    for code in codes.split()
}
# Category of an examination → section.
SECTION_OF = {
    "laboratory": "LAB",
    "radiology": "RAD",
    "ultrasound": "RUS",
    "cardiology": "EC",
    "pathology": "SP",
    "function": "PF",
}
OURS = (*SECTION_OF, "endoscopy", "checkup", "other")
