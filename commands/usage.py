"""What a wrongly typed command line is told, and the words around the help: both in Vietnamese."""

from __future__ import annotations

import re

# The command-line library speaks English; what it says is recognised by its form.
_SAID = (
    (r"No such command '(.*)'\.", "Không có lệnh «{}»."),
    (r"No such option: (\S+)", "Không có tùy chọn «{}»."),
    (r"Option '(.*)' requires an argument\.", "Tùy chọn «{}» cần một giá trị đi sau."),
    (r"Option '(.*)' does not take a value\.", "Tùy chọn «{}» không nhận giá trị."),
    (r"Got unexpected extra arguments? ?(?:\(s\))? ?\((.*)\)", "Thừa «{}»: đặt câu hỏi có nhiều từ trong ngoặc kép."),
    (r"Invalid value for '(?:[^']* / )?(--\w+)'.*", "Tùy chọn «{}» không nhận giá trị này."),
    (r"Value error, '(.*)' is not one of '(.*)'\.", "Không có lựa chọn «{}»; có: '{}'."),
    (r".*(?:valid integer|not a valid int).*", "Một tùy chọn cần số nguyên, ví dụ --year 2030."),
    (r"Missing parameter: (?:paths)", "Thiếu đường dẫn tới kế hoạch hoặc thư mục cần nạp."),
    (r"Missing parameter: (?:number)", "Thiếu số, ký hiệu của văn bản."),
    (r"()", "Chưa nêu lệnh."),
)


def usage_message(said: str) -> str:
    """The library's message in Vietnamese; one that is not known, with a Vietnamese word before it."""
    for pattern, answer in _SAID:
        if match := re.fullmatch(pattern, said.strip(), re.DOTALL):
            return answer.format(*match.groups())
    return f"Lệnh chưa đúng: {said}"


def speak_vietnamese() -> None:
    """Vietnamese titles over the parts of the help."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
    rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
    rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
