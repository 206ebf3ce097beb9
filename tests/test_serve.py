"""`kehoach serve`: what it refuses, what it warns of, and that it serves and ends from any directory."""

from __future__ import annotations

import io
import json
import logging
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import server
import streamlit as st
from commandline import ROOT, CommandLine, plan_text

from commands import serve as command
from index.filter import Filter
from ingest.errors import InputError
from ui import services

Started = tuple[Path, dict[str, str | int | bool]]  # script, options


@pytest.fixture
def kehoach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path / "nha", monkeypatch, capsys)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Started]:
    """What Streamlit is given, which is not started."""
    found: list[Started] = []
    monkeypatch.setattr(command, "_run", lambda script, options: found.append((script, options)))
    return found


def test_it_starts_the_program_s_own_app(
    kehoach: CommandLine, started: list[Started], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(plan_text(), encoding="utf-8")
    assert kehoach("ingest", tmp_path / "a.txt").code == 0
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEHOACH_MAX_MB", "30,5")
    port = server.free_port()
    outcome = kehoach("serve", "--port", str(port))
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"Ứng dụng: http://127.0.0.1:{port} (Ctrl+C để dừng)\n"
    ((script, options),) = started
    assert script == ROOT / "app.py"
    assert (options["server.address"], options["server.port"]) == ("127.0.0.1", port)
    assert options["server.maxUploadSize"] == 31


def test_streamlit_s_own_variables_count_but_not_over_what_the_command_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMLIT_BROWSER_SERVER_ADDRESS", "plans.example")
    monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", "kehoach")
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "1")
    told = command._configuration(ROOT / "app.py", {"server.port": 8501, "server.headless": True})
    assert told["browser.serverAddress"] == "plans.example"
    assert told["server.baseUrlPath"] == "kehoach"
    assert (told["server.port"], told["server.headless"]) == (8501, True)
    assert all("." in name for name in told)


def test_a_variable_of_streamlit_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_MAX_MESSAGE_SIZE", "abc")
    with pytest.raises(InputError, match="STREAMLIT_SERVER_MAX_MESSAGE_SIZE"):
        command._configuration(ROOT / "app.py", {"server.port": 8501})


def test_no_index_is_a_warning(kehoach: CommandLine, started: list[Started]) -> None:
    outcome = kehoach("serve", "--port", str(server.free_port()))
    assert (outcome.code, len(started)) == (0, 1)
    assert outcome.err.startswith("Cảnh báo: Chưa có chỉ mục")


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.2", False), ("localhost", False), ("0.0.0.0", True)])  # noqa: S104
def test_an_open_address_is_warned_of(host: str, warned: bool, kehoach: CommandLine, started: list[Started]) -> None:
    outcome = kehoach("serve", "--host", host, "--port", str(server.free_port()))
    assert (outcome.code, len(started)) == (0, 1)
    assert ("mở ứng dụng ra ngoài máy này" in outcome.err) is warned


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "", "８５０１"])
def test_a_bad_port(port: str, kehoach: CommandLine, started: list[Started]) -> None:
    assert f"«{port}»" in kehoach.refused("serve", f"--port={port}")
    assert started == []


def test_a_port_in_use(kehoach: CommandLine, started: list[Started]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        error = kehoach.refused("serve", "--port", str(other.getsockname()[1]))
    assert "cổng đang được dùng" in error
    assert started == []


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b", ""])
def test_an_address_that_is_not_this_machine_s(host: str, kehoach: CommandLine, started: list[Started]) -> None:
    kehoach.refused("serve", f"--host={host}", "--port", str(server.free_port()))
    assert started == []


@pytest.mark.parametrize("missing", ["app.py", ".streamlit/config.toml"])
def test_without_the_app_it_says_where_it_runs(
    missing: str, kehoach: CommandLine, started: list[Started], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in {"app.py", ".streamlit/config.toml"} - {missing}:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(command, "ROOT", tmp_path)
    assert str(tmp_path / missing) in kehoach.refused("serve", "--port", str(server.free_port()))
    assert started == []


def test_the_page_speaks_vietnamese_before_its_scripts_run(tmp_path: Path) -> None:
    with server.kehoach_serve(tmp_path, KEHOACH_HOME=str(tmp_path / "nha")) as running:
        for path in ("", "van-ban?plan=x"):
            with urllib.request.urlopen(f"{running.address}/{path}", timeout=20) as answer:  # noqa: S310 (our own)
                assert '<html lang="vi">' in (text := answer.read().decode())
                assert f"<title>{command.NAME}</title>" in text
                assert "Đang mở trang…" in text
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{running.address}/_stcore/metrics", timeout=20)  # noqa: S310


def test_the_index_is_opened_before_somebody_asks(kehoach: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(plan_text(), encoding="utf-8")
    assert kehoach("ingest", tmp_path / "a.txt").code == 0
    services.warm()
    assert services.answerer() is services.answerer()
    assert services.answerer().documents


def test_an_answer_is_remembered_until_the_stock_changes(
    kehoach: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "load_encoder", lambda name: kehoach.encoder)
    st.cache_resource.clear()
    question, none = "ai chủ trì phát triển nhà ở xã hội?", frozenset[str]()
    for lead in ("Sở Xây dựng", "Sở Y tế"):
        (tmp_path / "a.txt").write_text(plan_text(lead=lead), encoding="utf-8")
        assert kehoach("ingest", "--existing", "replace", tmp_path / "a.txt").code == 0
        first = services.ask(question, None, none)
        assert services.ask(question, None, none) is first
        assert services.ask(question, "Thái Nguyên", none) is not first
        assert services.ask(question, None, none, Filter(kinds=frozenset())) is not first
        assert [answer.text for answer in first.answers] == [lead]
    st.cache_resource.clear()


def test_questions_are_noted_where_that_is_asked_for(
    kehoach: CommandLine, started: list[Started], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEHOACH_LOG", "json")
    monkeypatch.setattr(services, "load_encoder", lambda name: kehoach.encoder)
    st.cache_resource.clear()
    (tmp_path / "a.txt").write_text(plan_text(), encoding="utf-8")
    assert kehoach("ingest", tmp_path / "a.txt").code == 0
    try:
        assert kehoach("serve", "--port", str(server.free_port())).code == 0
        noted = io.StringIO()
        monkeypatch.setattr("sys.stderr", noted)
        services.ask("ai chủ trì nhà ở xã hội?", None, frozenset())
    finally:
        logging.getLogger("kehoach").handlers = []
        st.cache_resource.clear()
    line = json.loads(noted.getvalue())
    assert (line["event"], line["surface"], line["cached"], line["generation"]) == ("ask", "app", False, "gen-1")
    assert "question" not in line


@pytest.mark.parametrize("name", ["KEHOACH_LOG", "KEHOACH_LOG_QUESTIONS", "KEHOACH_CACHE_MB"])
def test_a_setting_that_cannot_be_used_is_told_at_the_start(
    name: str, kehoach: CommandLine, started: list[Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "vâng")
    assert name in kehoach.refused("serve", "--port", str(server.free_port()))
    assert not started


def test_no_index_does_not_keep_it_from_starting(kehoach: CommandLine) -> None:
    services.warm()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_from_another_directory_and_ends_quietly(ending: signal.Signals, tmp_path: Path) -> None:
    with server.kehoach_serve(tmp_path, KEHOACH_HOME=str(tmp_path / "nha"), PYTHONUTF8="1") as running:
        running.process.send_signal(ending)
        assert running.process.wait(20) == 0
    assert f"Ứng dụng: {running.address}" in running.told
    assert "Traceback" not in running.told
    assert "Stopping" not in running.told
