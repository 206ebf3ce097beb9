"""What becomes of a file, in words: one wording for the command line and the app."""

from __future__ import annotations

from index.plan import Action, Decision, Kinship, Step
from ingest.corrections import told as told_correction
from ingest.model import Document

ACTIONS = {
    Action.ADDED: "mới",
    Action.REPLACED: "thay bản cũ",
    Action.UNCHANGED: "không đổi",
    Action.DUPLICATE: "trùng, bỏ qua",
    Action.SKIPPED: "bỏ qua",
}
DECISIONS = {
    Decision.REPLACE: "Thay bản đang có",
    Decision.KEEP: "Giữ cả hai",
    Decision.SKIP: "Bỏ qua tệp này",
}
_KINSHIPS = {
    Kinship.VERSION: "Cùng số với {}, nội dung khác: có thể là bản mới hơn.",
    Kinship.COPY: "Cùng số và cùng nội dung với {}: một văn bản ở hai tệp.",
    Kinship.ALIKE: "Nội dung gần như trùng với {}, nhưng số, ký hiệu khác.",
}


def named(document: Document) -> str:
    """«Kế hoạch số 12/KH-UBND của Lào Cai», or the name of its file."""
    if not document.number:
        return document.file
    return f"{document.kind} số {document.number}{f' của {document.province}' if document.province else ''}"


def other_told(step: Step) -> str:
    """The plan that a file replaces, repeats or may be; "" where there is none to be told of."""
    if step.other is None or step.action is Action.UNCHANGED:
        return ""
    name = f"{named(step.other)} (tệp {step.other.file})"
    if step.kinship:
        return _KINSHIPS[step.kinship].format(name)
    if step.action is Action.REPLACED:
        return f"Thay cho: {name} đang có trong kho. Kiểm tra tệp này đúng là bản mới hơn."
    return f"Trùng với: {name}."


def corrections_told(document: Document) -> list[str]:
    """What was corrected of a header and what the file says."""
    return [f"đã sửa {told_correction(correction)}" for correction in document.corrections]
