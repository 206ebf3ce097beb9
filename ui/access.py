"""Who may do what: read, or also bring plans in and take them out.

With `[auth]` in `secrets.toml` everybody logs in (OIDC, `st.login`) and roles come from lists of e-mail addresses.
Without it everybody reads, and `KEHOACH_ADMIN=1` opens the editors' pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import streamlit as st

from ingest.errors import InputError
from ingest.settings import Settings
from serving.hosts import known_host, own_names
from ui import components, markup

_HOST = "host-allowed"


class Access(StrEnum):
    """What somebody may do, or why nothing."""

    READER = "reader"
    EDITOR = "editor"
    STRANGER = "stranger"  # has to log in
    UNVERIFIED = "unverified"  # his e-mail address may be anybody's
    UNLISTED = "unlisted"

    @property
    def reads(self) -> bool:
        """Whether the pages are open to him."""
        return self in (Access.READER, Access.EDITOR)


_REFUSALS = {
    Access.UNVERIFIED: "Địa chỉ thư điện tử của tài khoản này chưa được xác minh.",
    Access.UNLISTED: "Tài khoản này chưa được cấp quyền sử dụng.",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who has logged in, as his token tells. A token that says nothing of it is taken as verified."""

    email: str = ""
    name: str = ""
    verified: bool = True

    @property
    def shown(self) -> str:
        """What he is called on the page."""
        if self.name and self.email:
            return f"{self.name} ({self.email})"
        return self.name or self.email or "Đã đăng nhập"


def decide(settings: Settings, login: bool, identity: Identity | None) -> Access:
    """The role of somebody.

    Args:
        settings: the lists of editors and readers, and the switch for an app without login. No readers: all read.
        login: whether the app asks for login.
        identity: who has logged in; None for nobody.
    """
    if not login:
        return Access.EDITOR if settings.admin else Access.READER
    if identity is None:
        return Access.STRANGER
    if not identity.verified:
        return Access.UNVERIFIED
    if _listed(identity.email, settings.editors):
        return Access.EDITOR
    return Access.READER if not settings.readers or _listed(identity.email, settings.readers) else Access.UNLISTED


def _listed(email: str, people: tuple[str, ...]) -> bool:
    """Whether an address, or its domain as a whole, is in a list. What is no address is in none."""
    name, at, domain = email.strip().casefold().partition("@")
    return bool(name and at and domain and "@" not in domain) and bool({f"{name}@{domain}", f"@{domain}"} & {*people})


def login_configured() -> bool:
    """Whether people have to log in.

    Raises:
        InputError: there is a file of secrets that cannot be read. It may ask for login: nobody is let in.
    """
    if st.secrets.load_if_toml_exists():
        return "auth" in st.secrets
    if broken := [file for file in st.get_option("secrets.files") if Path(file).exists()]:
        raise InputError(
            f"Không đọc được {broken[0]}.", "Người quản trị sửa tệp này (TOML) rồi khởi động lại ứng dụng."
        )
    return False


def host_allowed() -> bool:
    """Whether this session was opened under a name of this app; looked at once a session."""
    state = st.session_state
    if _HOST not in state:
        names = own_names() | {str(st.get_option("browser.serverAddress"))}
        state[_HOST] = known_host(st.context.headers.get("Host"), names)
    return bool(state[_HOST])


def claims() -> Mapping[str, object]:
    """What the token of the visitor tells, with `is_logged_in`; the one place that asks Streamlit."""
    return st.user.to_dict()


def identity() -> Identity | None:
    """Who has logged in; None for nobody."""
    told = claims()
    if told.get("is_logged_in") is not True:
        return None
    email, name = (told.get(key) for key in ("email", "name"))
    verified = str(told.get("email_verified", True)).casefold() != "false"  # some providers send it as text
    return Identity(email if isinstance(email, str) else "", name if isinstance(name, str) else "", verified)


def current() -> Access:
    """What the visitor may do, decided anew on each run of a page.

    Raises:
        InputError: a setting is wrong, or a file of secrets cannot be read.
    """
    return decide(Settings.from_environment(), login_configured(), identity())


def show_login(access: Access) -> None:
    """The page of somebody who may not see the others."""
    components.title("Đăng nhập", "Trang này dành cho cán bộ được cấp quyền.")
    if access is Access.STRANGER:
        if find_spec("authlib") is None:
            raise InputError("Chưa cài gói để đăng nhập.", "Người quản trị chạy `pip install 'kehoach[auth]'`.")
        st.button("Đăng nhập", type="primary", on_click=st.login)
        return
    known = identity()
    who = f"Đang đăng nhập: {known.shown}." if known else ""
    st.html(markup.notice(_REFUSALS[access], f"{who} Liên hệ người quản trị, hoặc dùng tài khoản khác.".strip()))
    st.button("Đăng xuất", on_click=st.logout)


def show_identity() -> None:
    """Who is logged in, and the way out, in the frame; nothing in an app without login."""
    known = identity() if login_configured() else None
    if known:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right", key="kh-who"):
            st.html(markup.who(known.shown), width="content")
            st.button("Đăng xuất", type="tertiary", on_click=st.logout)
