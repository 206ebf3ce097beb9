"""Who may do what: the decision, the settings it rests on, and what a token tells."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st

from ingest.errors import InputError
from ingest.settings import Settings
from serving.hosts import known_host
from ui import access
from ui.access import Access, Identity, decide

LISTS = Settings(editors=("lan@example.vn",), readers=("@example.vn", "minh@so.example.org"))


@pytest.mark.parametrize(("admin", "expected"), [(False, Access.READER), (True, Access.EDITOR)])
def test_without_login_everybody_reads_and_a_switch_opens_the_editors_pages(admin: bool, expected: Access) -> None:
    assert decide(Settings(admin=admin), False, None) is expected
    assert decide(Settings(admin=admin, readers=("a@b.vn",)), False, None) is expected


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("lan@example.vn", Access.EDITOR),
        (" LAN@Example.VN ", Access.EDITOR),
        ("minh@example.vn", Access.READER),
        ("minh@so.example.org", Access.READER),
        ("hoa@so.example.org", Access.UNLISTED),
        ("minh@example.vn.example.org", Access.UNLISTED),
        ("minh@sub.example.vn", Access.UNLISTED),
        ("x@evil.example@example.vn", Access.UNLISTED),
        ("@example.vn", Access.UNLISTED),
        ("example.vn", Access.UNLISTED),
        ("", Access.UNLISTED),
    ],
)
def test_roles_by_address_and_by_domain(email: str, expected: Access) -> None:
    assert decide(LISTS, True, Identity(email)) is expected


def test_with_login_the_switch_opens_nothing() -> None:
    settings = Settings(editors=("lan@example.vn",), admin=True)
    assert decide(settings, True, None) is Access.STRANGER
    assert decide(settings, True, Identity("minh@example.vn")) is Access.READER


def test_no_list_of_readers_lets_everybody_read_who_can_log_in() -> None:
    assert decide(Settings(), True, Identity("a@b.vn")) is Access.READER
    assert decide(Settings(), True, Identity("")) is Access.READER
    assert decide(Settings(editors=("@b.vn",)), True, Identity("a@b.vn")) is Access.EDITOR


def test_an_address_that_is_not_verified_is_refused_even_an_editors() -> None:
    assert decide(LISTS, True, Identity("lan@example.vn", verified=False)) is Access.UNVERIFIED
    assert decide(Settings(), True, Identity("lan@example.vn", verified=False)) is Access.UNVERIFIED


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, None),
        ({"is_logged_in": False, "email": "a@b.vn"}, None),
        ({"is_logged_in": "true", "email": "a@b.vn"}, None),
        ({"is_logged_in": True, "email": "a@b.vn", "name": "Lan"}, Identity("a@b.vn", "Lan")),
        ({"is_logged_in": True, "email": ["a@b.vn"], "name": None}, Identity()),
        ({"is_logged_in": True, "email": "a@b.vn", "email_verified": True}, Identity("a@b.vn")),
        ({"is_logged_in": True, "email": "a@b.vn", "email_verified": False}, Identity("a@b.vn", verified=False)),
        ({"is_logged_in": True, "email": "a@b.vn", "email_verified": "False"}, Identity("a@b.vn", verified=False)),
    ],
)
def test_what_a_token_tells(
    claims: dict[str, object], expected: Identity | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "claims", lambda: claims)
    assert access.identity() == expected


def test_secrets_that_cannot_be_read_let_nobody_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not access.login_configured()
    broken = tmp_path / "secrets.toml"
    broken.write_text("[auth", encoding="utf-8")
    monkeypatch.setattr(st, "get_option", lambda name: {"secrets.files": [str(broken)]}[name])
    with pytest.raises(InputError, match=r"secrets\.toml"):
        access.login_configured()


def test_lists_of_the_environment() -> None:
    given = {"KEHOACH_EDITORS": " Lan@Example.vn ,, hoa@b.vn", "KEHOACH_READERS": "@Example.VN", "KEHOACH_ADMIN": "1"}
    settings = Settings.from_environment(given)
    assert settings.editors == ("lan@example.vn", "hoa@b.vn")
    assert (settings.readers, settings.admin) == (("@example.vn",), True)
    bare = Settings.from_environment({"KEHOACH_EDITORS": "", "KEHOACH_ADMIN": ""})
    assert (bare.editors, bare.readers, bare.admin) == ((), (), False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEHOACH_EDITORS", "lan"),
        ("KEHOACH_READERS", "lan@example.vn; hoa@example.vn"),
        ("KEHOACH_READERS", "a@b.vn,@"),
        ("KEHOACH_ADMIN", "yes"),
    ],
)
def test_a_wrong_list_is_named(name: str, value: str) -> None:
    with pytest.raises(InputError, match=name) as raised:
        Settings.from_environment({name: value})
    assert name in raised.value.remedy


# Names under which the app may be opened

OWN = ("localhost", "maychu", "kehoach.example.vn")


@pytest.mark.parametrize(
    "host", [None, "", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "10.0.0.7", "Kehoach.Example.VN", "maychu"]
)
def test_own_names_and_numbers_open_the_app(host: str | None) -> None:
    assert known_host(host, OWN)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "[::1", "a b"])
def test_a_foreign_name_does_not(host: str) -> None:
    assert not known_host(host, OWN)
