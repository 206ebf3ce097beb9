"""Đánh giá: how well questions are answered. The saved runs, and a user's own gold file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from eval.gold import GoldError, Question, load
from eval.run import Run, evaluate
from ingest.errors import InputError
from ui import components, figures, markup, misses, reported, runs, services, style, upload

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

STEP = 20  # misses shown at first, and more at a click
OWN = "own_run"


def main() -> None:
    """Draw the page."""
    components.title("Đánh giá", "Ứng dụng tìm và trả lời đúng đến đâu, đo trên các câu hỏi đã biết trước câu trả lời.")
    plans = _plans()
    ours, own, wrong = st.tabs(["Bộ câu hỏi mẫu", "Bộ câu hỏi của bạn", "Báo sai"])
    with ours, components.calm():
        _show_saved(plans)
    with own, components.calm():
        _show_own(plans)
    with wrong, components.calm():
        reported.draw()


def _plans() -> dict[str, str]:
    """Number → province of the plans in the index, to name them; none where there is no index."""
    try:
        return {document.number: document.province for document in services.documents()}
    except InputError:
        return {}


def _show_saved(plans: Mapping[str, str]) -> None:
    saved = runs.latest()
    if saved is None:
        st.html(markup.notice("Chưa có lần đánh giá nào.", "Chạy `kehoach eval`, mất khoảng một phút."))
    else:
        _show_run(saved, plans)
    _show_ablation()
    if saved:
        _show_misses("saved", saved.run, _gold(), plans, misses.FIELDS)


def _gold() -> dict[str, Question]:
    try:
        return {question.id: question for question in load()}
    except GoldError:  # installed without it: the misses are shown all the same
        return {}


def _show_run(saved: runs.Saved, plans: Mapping[str, str]) -> None:
    pairs = {
        "Phiên bản mã": saved.commit,
        "Bộ câu hỏi": "bộ mẫu" if saved.config == "gold" else saved.config,
        "Mô hình véc-tơ": saved.encoder,
        "Số câu hỏi": str(len(saved.run.records) + len({cell.id for cell in saved.run.cells})),
        "Lưu lúc": f"{saved.when:%H:%M, %d/%m/%Y}",
    }
    st.html(markup.facts_list(pairs.items()))
    components.part("Kết quả chung")
    st.html(
        markup.div(
            "small",
            "Ứng dụng được chỉnh theo nửa phát triển. Nửa kiểm tra thì không, nên cho biết điều người dùng sẽ gặp. "
            "Trong ngoặc: khoảng tin cậy 95 %.",
        )
    )
    st.html(figures.overall({figures.HALF_NAMES[half]: found for half, found in saved.halves.items()}))
    components.part("Theo loại câu hỏi, cách viết, kế hoạch")
    halves = list(saved.halves)
    half = st.radio(
        "Nửa", halves, index=len(halves) - 1, format_func=_half_name, horizontal=True, label_visibility="collapsed"
    )
    if half:
        _show_groups(saved.halves[half], plans)


def _half_name(half: str) -> str:
    return figures.HALF_NAMES[half]


def _show_groups(found: runs.Figures, plans: Mapping[str, str]) -> None:
    if not found.overall.size:
        return
    st.html(figures.legend())
    for group, rows in found.groups.items():
        st.html(figures.groups(group, rows, plans))


def _show_ablation() -> None:
    components.part("Từng phần đem lại gì")
    found = runs.ablation()
    if found is None or not found.steps:
        st.html(markup.notice("Chưa có kết quả so sánh các cấu hình.", "Chạy `kehoach eval --ablate`."))
        return
    half = figures.HALF_NAMES.get(found.half, found.half).lower()
    st.html(markup.div("small", f"Cùng các câu hỏi ({escape(half)}), mỗi lần thay đổi một phần."))
    st.html(figures.chart(found.steps))
    with st.expander("Bảng số liệu của các cấu hình"):
        note = "p: kiểm định hoán vị theo cặp; dưới 0,05 là khác biệt khó do ngẫu nhiên."
        st.html(markup.div("small", note) + figures.ablation_table(found.steps))


def _show_misses(
    key: str, run: Run, questions: Mapping[str, Question], plans: Mapping[str, str], fields: Sequence[str]
) -> None:
    found = misses.misses(run, questions, plans)
    components.part(f"Các câu chưa đúng ({len(found)})")
    if not found:
        st.html(markup.div("lead", "Không có câu nào sai."))
        return
    names = figures.GROUP_NAMES | {"half": "Nửa"}
    choice: dict[str, str] = {}
    for column, field in zip(st.columns(len(fields)), fields, strict=True):
        options, name = ["", *misses.values(found, field)], f"{key}-{field}"
        if st.session_state.get(name) not in options:  # of another run
            st.session_state.pop(name, None)
        label = {value: figures.value_name(field, value, plans) for value in options if value} | {"": "Tất cả"}
        choice[field] = column.selectbox(names[field], options, key=name, format_func=label.__getitem__) or ""
    chosen = misses.chosen(found, choice)
    shown = st.session_state.get(f"{key}-shown", STEP)
    if len(chosen) < len(found):
        st.html(markup.div("small", f"{len(chosen)} câu được chọn."))
    if chosen:
        st.html("".join(misses.card(miss, plans, fields) for miss in chosen[:shown]))
    if len(chosen) > shown:
        more = min(STEP, len(chosen) - shown)
        st.button(f"Xem thêm {more} câu", key=f"{key}-more", on_click=_show_more, args=(key, shown + STEP))


def _show_more(key: str, number: int) -> None:
    st.session_state[f"{key}-shown"] = number


def _show_own(plans: Mapping[str, str]) -> None:
    st.html(
        markup.div(
            "lead",
            f"Tệp .jsonl, mỗi dòng một câu hỏi, tối đa {upload.MAX_QUESTIONS} câu. Cách viết: "
            "<code>eval/gold/README.md</code>. Tệp và kết quả không được lưu lại.",
        )
    )
    st.html(style.takes("gold", [".jsonl"], upload.MAX_MB))
    file = st.file_uploader("Tệp câu hỏi", type="jsonl", max_upload_size=upload.MAX_MB, key="gold")
    if file is None:
        st.session_state.pop(OWN, None)
        return
    questions = _checked(file)
    if not questions:
        return
    _run_at_a_click(file, questions)
    own = st.session_state.get(OWN)
    if isinstance(own, runs.Own) and own.file == file.file_id:
        st.html(figures.overall({"Tất cả": own.figures}))
        _show_groups(own.figures, plans)
        _show_misses("own", own.run, own.questions, plans, misses.FIELDS[:3])


def _checked(file: UploadedFile) -> list[Question]:
    """The questions of the file; where it cannot be used, its faults are shown."""
    questions, faults = upload.check(file.name, file.getvalue(), services.searcher())
    for fault in faults:
        st.html(markup.notice(fault.message, fault.remedy))
    if len(faults) == upload.MAX_FAULTS:
        st.html(markup.div("small", f"Chỉ nêu {upload.MAX_FAULTS} lỗi đầu tiên."))
    return questions


def _run_at_a_click(file: UploadedFile, questions: Sequence[Question]) -> None:
    st.html(markup.div("lead", f"Tệp hợp lệ: {len(questions)} câu hỏi."))
    if not st.button("Chạy đánh giá", type="primary"):
        return
    bar = st.progress(0.0)
    st.button("Dừng")  # any click ends this run of the page, and the evaluation with it

    def progress(done: int, total: int) -> None:
        bar.progress(done / total, f"Đã hỏi {done}/{total} câu")

    progress(0, len(questions))
    opened = services.opened()
    run = evaluate(questions, opened.answerer, opened.searcher.clauses(), progress)
    st.session_state[OWN] = runs.Own(file.file_id, run, runs.figures(run), {q.id: q for q in questions})
    st.rerun()


if __name__ == "__main__":
    main()
