"""Each party's own law as a Cedar set; every policy stands under a comment `// why: name`, whose words are here."""

from convenio.core.words import Message, _

WORDS: dict[str, Message] = {
    "anything": _("the law permits what an agreement permits"),
    "case": _("national law: nobody is asked about without a case"),
    "purpose": _("national law: nothing is asked without a purpose"),
    "humanitarian": _("national law: victims, witnesses and missing people are asked about for humanitarian ends only"),
    "health": _("national law: health data about persons does not cross for law enforcement"),
    "bulk": _("national law: people are not handed over in bulk"),
}
