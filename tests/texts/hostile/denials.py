"""Cards that try to wear the machine down: to eat its time, memory or stack, while parsing, compiling or rendering."""

from __future__ import annotations

from bot.texts.lesson import SOURCE_LIMIT


def _filled(pattern: str, size: int = SOURCE_LIMIT) -> str:
    """Return the pattern as often as the longest card holds it."""
    return pattern * (size // len(pattern))


def _nested(opening: str, middle: str, closing: str) -> str:
    """Return as deep a nest as the longest card holds."""
    depth = (SOURCE_LIMIT - len(middle)) // (len(opening) + len(closing))
    return opening * depth + middle + closing * depth


NUMBERS = {
    "power tower": "{{ 10**10**9 }}",
    "power of powers": "{{ 9**9**9**9 }}",
    "power in a condition": "{% if 10**10**8 > 1 %}x{% endif %}",
    "power in a dead branch": "{% if false %}{{ 10**10**9 }}{% endif %}",
    "negative power": "{{ (-7)**(10**8) }}",
    "shift by product": "{{ 2**64 * 2**64 * 2**(2**40) }}",
    "longest number": "{{ " + "9" * (SOURCE_LIMIT - 6) + " }}",
    "number of 4,300 digits": "{{ " + "9" * 4300 + " }}",
    "number of 4,300 digits as rupiah": "{{ " + "9" * 4300 + "|rupiah }}",
    "hexadecimal number": "{{ 0x" + "f" * (SOURCE_LIMIT - 8) + " }}",
    "hexadecimal number as rupiah": "{{ 0x" + "f" * (SOURCE_LIMIT - 15) + "|rupiah }}",
    "binary number": "{{ 0b" + "1" * (SOURCE_LIMIT - 8) + " }}",
    "number with underscores": "{{ 1" + "_1" * 9000 + " }}",
    "infinite number": "{{ 1e999999 }}",
    "infinite number as rupiah": "{{ 1e999999|rupiah }}",
    "exponent of many digits": "{{ 1e" + "9" * 10000 + " }}",
    "many decimals": "{{ 0." + "1" * (SOURCE_LIMIT - 8) + " }}",
    "comparison of huge numbers": "{% if " + "9" * 4000 + " < " + "8" * 4000 + " %}x{% endif %}",
    "many huge numbers": _filled("{{ " + "9" * 4000 + " }}"),
}
TEXTS = {
    "text times a billion": "{{ 'x' * 10**9 }}",
    "name times a billion": "{{ nama * 1000000000 }}",
    "list times a billion": "{{ [0] * 10**9 }}",
    "tuple times a billion": "{{ (0,) * 10**9 }}",
    "text doubled over": "{{ 'ab' ~ ('ab' * 10**8) }}",
    "text times a text's length": "{{ 'x' * ('x' * 99999|length) }}",
    "format with a wide field": "{{ '%999999999d' % 1 }}",
    "format with many fields": "{{ '" + "%s" * 5000 + "' % nama }}",
    "centred in a billion": "{{ nama|center(999999999) }}",
    "indented a billion": "{{ nama|indent(999999999) }}",
    "justified a billion": "{{ nama.ljust(999999999) }}",
    "replaced over": "{{ nama|replace('', 'x' * 9999) }}",
    "lorem ipsum": "{{ lipsum(n=1000000) }}",
    "wide signs": "﷽" * SOURCE_LIMIT,
    "signs of four bytes": "𒐫" * SOURCE_LIMIT,
    "joined faces": _filled("👨‍👩‍👧‍👦"),
    "stacked accents": "e" + "\u0301" * (SOURCE_LIMIT - 1),
    "longest text": "x" * SOURCE_LIMIT,
    "one more than the longest": "x" * (SOURCE_LIMIT + 1),
    "ten million signs": "x" * 10_000_000,
    "only line breaks": "\n" * SOURCE_LIMIT,
    "only blanks": " " * SOURCE_LIMIT,
    "only ampersands": "&" * SOURCE_LIMIT,
    "escaped over and over": "{% for k in keliru %}{{ k.soal }}" + _filled("{{ k.soal }}", 17000) + "{% endfor %}",
    "everything twice": "{% for k in keliru %}" + "y" * 19000 + "{% endfor %}",
}
LOOPS = {
    "huge range": "{% for n in range(10**9) %}x{% endfor %}",
    "range as value": "{{ range(10**18)|list }}",
    "two ranges": "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "loops in loops": _nested("{% for k in keliru %}", "x", "{% endfor %}"),
    "loop that calls itself": "{% for k in keliru recursive %}{{ loop(keliru) }}{% endfor %}",
    "many loops": _filled("{% for k in keliru %}{{ k.soal }}{% endfor %}"),
    "loop over a long literal": "{% for k in [" + "1," * 9000 + "] %}x{% endfor %}",
    "loop over a text": "{% for k in 'x' * 10**9 %}x{% endfor %}",
    "macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "macros that call each other": "{% macro a() %}{{ b() }}{{ b() }}{% endmacro %}"
    "{% macro b() %}{{ a() }}{{ a() }}{% endmacro %}{{ a() }}",
    "set that doubles": "{% set x = 'x' %}" + _filled("{% set x = x ~ x %}", 19000) + "{{ x }}",
    "cycler without end": "{% for k in cycler('a') %}x{% endfor %}",
    "batches": "{{ keliru|batch(10**9, 'x')|list }}",
    "slices": "{{ keliru|slice(10**9)|list }}",
}
DEPTH = {
    "brackets": "{{ " + "(" * 9900 + "1" + ")" * 9900 + " }}",
    "lists": "{{ " + "[" * 9900 + "]" * 9900 + " }}",
    "mappings": "{{ " + "{1:" * 4000 + "1" + "}" * 4000 + " }}",
    "conditions": _nested("{% if nama %}", "x", "{% endif %}"),
    "conditions with else": _nested("{% if nama %}{% else %}", "x", "{% endif %}"),
    "negations": "{{ " + "not " * 4900 + "nama }}",
    "signs": "{{ " + "-" * 19000 + "1 }}",
    "chain of and": "{% if " + "nama and " * 2200 + "nama %}x{% endif %}",
    "chain of or": "{% if " + "nama or " * 2400 + "nama %}x{% endif %}",
    "chain of comparisons": "{% if 1" + "<1" * 9900 + " %}x{% endif %}",
    "chain of sums": "{{ 1" + "+1" * 9900 + " }}",
    "chain of texts": "{{ 'a'" + "~'a'" * 4900 + " }}",
    "neighbouring texts": "{{ " + "'a' " * 4900 + " }}",
    "chain of filters": "{{ nama" + "|length" * 2800 + " }}",
    "chain of attributes": "{{ nama" + ".a" * 9900 + " }}",
    "chain of subscripts": "{{ nama" + "[0]" * 6600 + " }}",
    "chain of calls": "{{ nama" + "()" * 9900 + " }}",
    "chain of tests": "{{ nama" + " is defined" * 1800 + " }}",
    "chain of conditions in one": "{{ " + "1 if nama else " * 1300 + "1 }}",
    "branches": "{% if nama %}" + _filled("{% elif nama %}", 19900) + "{% endif %}",
    "blocks": _nested("{% filter length %}", "x", "{% endfilter %}"),
    "with in with": _nested("{% with a=1 %}", "x", "{% endwith %}"),
    "tags in tags": _nested("<b>", "x", "</b>"),
    "quotes in quotes": _nested("<blockquote>", "x", "</blockquote>"),
}
SIZE = {
    "many values": _filled("{{ nama }}"),
    "many short values": _filled("{{1}}"),
    "many conditions": _filled("{% if nama %}x{% endif %}"),
    "many comments": _filled("{##}"),
    "many raw parts": _filled("{% raw %}{% endraw %}"),
    "long list": "{{ [" + "1," * 9900 + "] }}",
    "long list of texts": "{{ [" + "'a'," * 4900 + "] }}",
    "long tuple in a condition": "{% if nama in (" + "'a'," * 4900 + ") %}x{% endif %}",
    "long name": "{{ " + "n" * 19000 + " }}",
    "long text in a value": "{{ '" + "x" * 19000 + "' }}",
    "long text of escapes": "{{ '" + "\\\\" * 9900 + "' }}",
    "long text of unicode escapes": "{{ '" + "\\U0001F600" * 1900 + "' }}",
    "text that does not end": "{{ '" + "\\'" * 9900,
    "comment that does not end": "{#" + "#" * 19000,
    "raw part that does not end": "{% raw %}" + "{" * 19000,
    "only opening braces": "{" * SOURCE_LIMIT,
    "only opening signs": _filled("{{"),
    "only opening tags": _filled("{%"),
    "only closing signs": _filled("}}"),
    "opening and closing": _filled("{{}}"),
    "percent and braces": _filled("{%-%}"),
    "only smaller signs": "<" * SOURCE_LIMIT,
    "smaller signs and blanks": "<" + " " * (SOURCE_LIMIT - 1),
    "open tags": _filled("<b>"),
    "close tags": _filled("</b>"),
    "empty links": _filled("<a>"),
    "a link that does not end": '<a href="https://contoh.id/' + "a" * 19000,
    "a link of dots": '<a href="https://' + "a." * 9900 + '">x</a>',
    "a link of dashes": '<a href="https://' + "-" * 19000 + '@">x</a>',
    "attributes": "<b " + "a=1 " * 4900 + ">x</b>",
    "attributes named href": "<a " + "href " * 3900 + ">x</a>",
    "entities": _filled("&lt;"),
    "numeric entities": _filled("&#x1F600;"),
    "an entity of many digits": "&#" + "9" * 19000 + ";",
    "an entity of many letters": "&" + "a" * 19000 + ";",
    "signs before a line": _filled("{%+ if nama %}{%- endif +%}"),
    "line statements": "\n".join(["# for k in keliru"] * 1000),
    "decimal points": "{{ 1" + ".1" * 9900 + " }}",
    "exponents": "{{ 1" + "e1" * 9900 + " }}",
    "underscores": "{{ " + "_" * 19000 + " }}",
    "operators": "{{ " + "**" * 9900 + " }}",
}
DENIALS = {
    f"{family}: {name}": source
    for family, found in (
        ("numbers", NUMBERS),
        ("texts", TEXTS),
        ("loops", LOOPS),
        ("depth", DEPTH),
        ("size", SIZE),
    )
    for name, source in found.items()
}
