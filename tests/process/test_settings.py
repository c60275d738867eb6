"""Every setting: its default, where it may stand, and how a wrong one is refused."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from bot.settings import NAMES, SettingRefused, Settings, read_settings

TOKEN = "123456:abc_DEF-1"


def _read(directory: Path, **given: str) -> Settings:
    return read_settings({"BOT_TOKEN": TOKEN} | given, directory=directory)


def test_every_setting_is_listed() -> None:
    assert {name.lower() for name in NAMES} == {field.name for field in fields(Settings)}


def test_defaults(tmp_path: Path) -> None:
    assert _read(tmp_path) == Settings(
        bot_token=TOKEN,
        bot_api_url="https://api.telegram.org",
        database_url=f"sqlite:///{tmp_path}/var/tangga.db",
        web_host="127.0.0.1",
        web_port=8080,
        web_url="http://127.0.0.1:8080",
        webhook_url=None,
        webhook_secret=None,
        admin_ids=frozenset(),
        two_person_release=False,
        data_dir=tmp_path / "var",
        log_format="text",
        metrics=False,
        metrics_token=None,
    )


def test_every_setting_given(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        BOT_API_URL="http://127.0.0.1:8081/",
        DATABASE_URL="postgresql://tangga@db/tangga",
        WEB_HOST="0.0.0.0",
        WEB_PORT="9000",
        WEB_URL="https://tangga.contoh.id/",
        WEBHOOK_URL="https://tangga.contoh.id/tg/",
        WEBHOOK_SECRET="rahasia_-1",
        ADMIN_IDS=" 9001, 9002 ,",
        TWO_PERSON_RELEASE="1",
        LOG_FORMAT="json",
        METRICS="1",
        METRICS_TOKEN="0123456789abcdef",
        DATA_DIR="/srv/tangga",
    )

    assert found == Settings(
        bot_token=TOKEN,
        bot_api_url="http://127.0.0.1:8081",
        database_url="postgresql://tangga@db/tangga",
        web_host="0.0.0.0",
        web_port=9000,
        web_url="https://tangga.contoh.id",
        webhook_url="https://tangga.contoh.id/tg",
        webhook_secret="rahasia_-1",
        admin_ids=frozenset({9001, 9002}),
        two_person_release=True,
        log_format="json",
        metrics=True,
        metrics_token="0123456789abcdef",
        data_dir=Path("/srv/tangga"),
    )


def test_web_url_follows_host_and_port(tmp_path: Path) -> None:
    assert _read(tmp_path, WEB_HOST="tangga.lokal", WEB_PORT="81").web_url == "http://tangga.lokal:81"


def test_empty_settings_count_as_absent(tmp_path: Path) -> None:
    assert _read(tmp_path, **dict.fromkeys(set(NAMES) - {"BOT_TOKEN"}, "")) == _read(tmp_path)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "WEB_PORT"])
def test_setting_from_a_file(tmp_path: Path, name: str) -> None:
    value = {
        "BOT_TOKEN": TOKEN,
        "ADMIN_IDS": "1",
        "DATABASE_URL": "sqlite:///x",
        "ENGINE_URL": "sqlite:///y",
        "WEBHOOK_SECRET": "a",
        "TWO_PERSON_RELEASE": "1",
        "LOG_FORMAT": "json",
        "METRICS": "1",
    }.get(name, "https://contoh.id")
    (tmp_path / "isi").write_text(f"{value}\n", encoding="utf-8")
    secret = {"WEBHOOK_SECRET": "a"} if name == "WEBHOOK_URL" else {}
    given = {"BOT_TOKEN": TOKEN, **secret}
    direct = read_settings(given | {name: value}, directory=tmp_path)
    given.pop(name, None)

    assert read_settings(given | {f"{name}_FILE": str(tmp_path / "isi")}, directory=tmp_path) == direct


def test_setting_itself_beats_its_file(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("1", encoding="utf-8")

    assert _read(tmp_path, WEB_PORT="2", WEB_PORT_FILE=str(tmp_path / "port")).web_port == 2


def test_dotenv_is_read_and_the_environment_beats_it(tmp_path: Path) -> None:
    lines = ["# catatan", "", f"export BOT_TOKEN='{TOKEN}'", 'WEB_PORT = "81"', "WEB_HOST=lokal", "bukan setelan"]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")

    found = read_settings({"WEB_PORT": "82"}, directory=tmp_path)

    assert (found.bot_token, found.web_port, found.web_host) == (TOKEN, 82, "lokal")


def test_file_of_the_environment_beats_dotenv(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WEB_PORT=81", encoding="utf-8")
    (tmp_path / "port").write_text("82", encoding="utf-8")

    assert _read(tmp_path, WEB_PORT_FILE=str(tmp_path / "port")).web_port == 82


def test_token_may_be_missing_where_none_is_needed(tmp_path: Path) -> None:
    assert read_settings({}, directory=tmp_path, needs_token=False).bot_token == ""


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("BOT_TOKEN", {"BOT_TOKEN": ""}),
        ("BOT_TOKEN", {"BOT_TOKEN": "tanpatitikdua"}),
        ("BOT_TOKEN", {"BOT_TOKEN": "abc:def"}),
        ("BOT_TOKEN", {"BOT_TOKEN": ":def"}),
        ("BOT_TOKEN", {"BOT_TOKEN": "1:"}),
        ("BOT_TOKEN", {"BOT_TOKEN": " , "}),
        ("BOT_TOKEN", {"BOT_TOKEN": "1:satu,dua"}),
        ("BOT_TOKEN", {"BOT_TOKEN": "1:satu;2:dua"}),
        ("BOT_TOKEN", {"BOT_TOKEN": "1:satu, 2:dua, 01:lagi"}),
        ("BOT_API_URL", {"BOT_API_URL": "api.telegram.org"}),
        ("BOT_API_URL", {"BOT_API_URL": "ftp://contoh.id"}),
        ("DATABASE_URL", {"DATABASE_URL": "mysql://x"}),
        ("DATABASE_URL", {"DATABASE_URL": "/var/bot.db"}),
        ("WEB_PORT", {"WEB_PORT": "delapan"}),
        ("WEB_PORT", {"WEB_PORT": "-1"}),
        ("WEB_PORT", {"WEB_PORT": "65536"}),
        ("WEB_URL", {"WEB_URL": "contoh.id"}),
        ("WEBHOOK_URL", {"WEBHOOK_URL": "contoh.id/tg", "WEBHOOK_SECRET": "a"}),
        ("WEBHOOK_SECRET", {"WEBHOOK_URL": "https://contoh.id/tg"}),
        ("WEBHOOK_SECRET", {"WEBHOOK_SECRET": "rahasia!"}),
        ("WEBHOOK_SECRET", {"WEBHOOK_SECRET": "é"}),
        ("WEBHOOK_SECRET", {"WEBHOOK_SECRET": "a" * 257}),
        ("ADMIN_IDS", {"ADMIN_IDS": "9001;9002"}),
        ("ADMIN_IDS", {"ADMIN_IDS": "joko"}),
        ("TWO_PERSON_RELEASE", {"TWO_PERSON_RELEASE": "ya"}),
        ("LOG_FORMAT", {"LOG_FORMAT": "xml"}),
        ("METRICS", {"METRICS": "ya"}),
        ("METRICS_TOKEN", {"METRICS_TOKEN": "terlalu-pendek"}),
        ("METRICS_TOKEN", {"METRICS_TOKEN": "ada spasi di dalam kata"}),
        ("WEB_PORT_FILE", {"WEB_PORT_FILE": "/tidak/ada"}),
        ("BOT_TOKEN_FILE", {"BOT_TOKEN": "", "BOT_TOKEN_FILE": "/"}),
    ],
)
def test_refusal_names_the_setting_in_one_line(tmp_path: Path, name: str, given: dict[str, str]) -> None:
    with pytest.raises(SettingRefused) as refused:
        _read(tmp_path, **given)

    (line,) = str(refused.value).splitlines()
    assert line.split()[0] == name


@pytest.mark.parametrize(
    ("name", "given"),
    [
        pytest.param("WEB_PORT", {"WEB_PORT": "²"}, id="isdigit of a superscript"),
        pytest.param("ADMIN_IDS", {"ADMIN_IDS": "²"}, id="isdigit of a superscript in a list"),
        pytest.param("WEB_URL", {"WEB_URL": "http://["}, id="urlsplit refuses the address"),
    ],
)
def test_odd_value_is_refused_like_others(tmp_path: Path, name: str, given: dict[str, str]) -> None:
    with pytest.raises(SettingRefused, match=rf"^{name} "):
        _read(tmp_path, **given)


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe")

    with pytest.raises(SettingRefused, match=r"^BOT_TOKEN_FILE "):
        read_settings({"BOT_TOKEN_FILE": str(tmp_path / "token")}, directory=tmp_path)


def test_secrets_are_all_that_no_log_may_show(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        DATABASE_URL="postgresql://tangga:sandi@db/tangga",
        WEBHOOK_SECRET="rahasia",
        METRICS_TOKEN="0123456789abcdef",
    )

    assert found.secrets() == (TOKEN, "rahasia", "0123456789abcdef", "sandi")


@pytest.mark.parametrize(
    ("given", "taken"), [("baru", ("baru",)), ("lama,baru", ("lama", "baru")), ("a, b c", ("a", "b", "c"))]
)
def test_secrets_of_the_webhook_may_be_several_while_they_change(
    tmp_path: Path, given: str, taken: tuple[str, ...]
) -> None:
    assert _read(tmp_path, WEBHOOK_SECRET=given).webhook_secrets == taken


@pytest.mark.parametrize(
    ("database", "folder"), [("sqlite:////srv/a/tangga.db", "/srv/a"), ("postgresql://tangga@db/tangga", "var")]
)
def test_data_folder_lies_beside_the_database_unless_given(tmp_path: Path, database: str, folder: str) -> None:
    assert _read(tmp_path, DATABASE_URL=database).data_dir == tmp_path / folder


def test_several_tokens_stand_with_commas_or_spaces_between_or_one_a_line_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1:satu\n2:dua\n\n3:tiga\n", encoding="utf-8")
    tokens = ("1:satu", "2:dua", "3:tiga")

    listed = _read(tmp_path, BOT_TOKEN="1:satu,2:dua  3:tiga,")
    of_file = read_settings({"BOT_TOKEN_FILE": str(tmp_path / "token")}, directory=tmp_path)

    assert (listed.bot_tokens, of_file.bot_tokens, listed.secrets()) == (tokens, tokens, tokens)
