"""Forms that bring a file."""

from __future__ import annotations

import httpx
import pytest

from bot.web.upload import NotAForm, fields


def sent(data: dict[str, str], file: bytes) -> tuple[str, bytes]:
    """Return content type and body as a client writes them."""
    request = httpx.Request("POST", "http://x/", data=data, files={"berkas": ("en.po", file, "text/x-gettext")})
    return request.headers["content-type"], request.read()


def test_fields_and_file_are_read() -> None:
    found = fields(*sent({"tanda": "abc", "yang": "belum"}, 'msgid "a"\r\nmsgstr "é"\n'.encode()))

    assert found == {"tanda": ["abc"], "yang": ["belum"], "berkas": ['msgid "a"\r\nmsgstr "é"\n']}


def test_byte_order_mark_is_dropped_and_an_empty_file_is_empty() -> None:
    marked, empty = fields(*sent({}, b"\xef\xbb\xbfa")), fields(*sent({}, b""))

    assert (marked["berkas"], empty["berkas"]) == (["a"], [""])


def test_file_that_is_no_text_is_read_as_empty() -> None:
    assert fields(*sent({"tanda": "abc"}, b"PK\x03\x04\xff\xfe")) == {"tanda": ["abc"], "berkas": [""]}


def test_boundary_may_be_quoted_and_stand_inside_the_file() -> None:
    body = b'--a b\r\nContent-Disposition: form-data; name="x"\r\n\r\none --a b two\r\n--a b--\r\n'

    assert fields('multipart/form-data; boundary="a b"', body) == {"x": ["one --a b two"]}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"--b--"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ncut short'),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Type: text/plain\r\n\r\nnameless\r\n--b--"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="x"\r\n--b--'),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n1\r\n--b--',
        ),
        ("multipart/form-data; boundary=\xe9", b"--b--"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n' * 60 + b"--b--",
        ),
    ],
)
def test_anything_else_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(NotAForm):
        fields(content_type, body)
