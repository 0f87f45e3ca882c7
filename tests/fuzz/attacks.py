"""Sections that try to run a script: each way of calling ``alert`` in each place of the Markdown.

Many change their meaning when a browser reads them again ("mutation XSS"): elements of SVG and
MathML, text that ends an element it is not in, attributes that end in each other.
"""

from __future__ import annotations

from itertools import product

_CALLS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;<img src=x "
    "onerror=alert(1)>'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<a href='java\tscript:alert(1)'>a</a>",
    "<a href=' &#14; javascript:alert(1)'>a</a>",
    "<details open ontoggle=alert(1)>a</details>",
    "<form><button formaction=javascript:alert(1)>a</button></form>",
    "<sub onmouseover=alert(1)>a</sub><br onclick=alert(1)><kbd/onfocus=alert(1) tabindex=0>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    '"><img src=x onerror=alert(1)><"',
    "' onmouseover='alert(1)' x='",
    '" onfocus="alert(1)" autofocus="',
    "</pre></code></samp></figure></div><img src=x onerror=alert(1)>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "\\<img src=x onerror=alert(1)\\>",
    "<|<img src=x onerror=alert(1)>|>",
    "\ue0000\ue001<img src=x onerror=alert(1)>\ue0001\ue001",
    "\x02wzxhzdk:0\x03<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x.png",
)
_PLACES = (
    "{}",
    "Text {} text [[s0001]]",
    "`{}`",
    "[a]({})",
    '[a](<{}> "{}")',
    "![{}]({})",
    "![{}](frame:f1)",
    "<{}>",
    "# {}",
    "> [!NOTE] {}\n> {}",
    "| {} | b |\n|---|---|\n| {} | `{}` |",
    "- {}\n- [x]: {}",
    "```{}\n{}\n```",
    "```python\nx\n```\n\n```text output\n{}\n```",
    "$\\text{{{}}}$ and $\\href{{{}}}{{x}}$",
    "$$\n\\text{{{}}} \\style{{{}}}{{x}}\n$$",
    "a[^1]\n\n[^1]: {}",
    "{}\n:   {}",
    '!!! note "{}"\n    {}',
)


def hostile_sections() -> list[str]:
    """Every call in every place, about 500 sections."""
    return [place.replace("{}", call) for place, call in product(_PLACES, _CALLS)]
