"""Small word classes of English, for finding sentences in speech that has no punctuation."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of ``text`` as a set: the readable form of a long list."""
    return frozenset(text.split())


FILLERS = word_set("uh um uhm uhh umm er erm ehm hm hmm mm mhm")
ARTICLES = word_set("a an the my your our their its his her every each some any no")
PREPOSITIONS = word_set(
    "of to in on at by for from with into onto about between through over under after before"
    " without within during against towards toward per via upon across along among beyond until"
    " as like than near inside outside around behind below above"
)
CONJUNCTIONS = word_set("and or but because if when while whether although though unless since nor")
SUBORDINATORS = word_set("if when once while whenever before after as since unless until although")
QUESTION_WORDS = word_set("what why how who where when which whose")
BE = word_set("is are was were am be been being isn't aren't wasn't weren't")
AUXILIARIES = BE | word_set(
    "do does did have has had can could will would shall should may might must don't doesn't"
    " didn't haven't hasn't hadn't can't couldn't won't wouldn't shouldn't"
)
SUBJECTS = word_set("i we you they he she it")
CONTRACTED = word_set(
    "i'm i've i'll i'd we're we've we'll we'd you're you've you'll you'd they're they've they'll"
    " they'd it's it'll he's she's he'll she'll"
)
POINTERS = word_set("this that these those there here")
CONTRACTED_POINTERS = word_set("that's there's here's that'll this'll")
# Whatever can open a main clause by itself.
OPENERS = SUBJECTS | CONTRACTED | POINTERS | CONTRACTED_POINTERS | word_set("let's")
# A sentence hardly ever ends in one of these: something has to follow.
HANGING = (
    ARTICLES
    | CONTRACTED
    | CONTRACTED_POINTERS
    | word_set(
        "and or but because if when while whether although though unless nor which who whose i we"
        " they he she let's what's where's how's who's these every each both either another such"
        " whereas except despite several various very quite just also only even than been am maybe"
        " gonna wanna really called kinda sorta more most less basically actually simply don't"
        " doesn't didn't can't won't couldn't wouldn't shouldn't isn't aren't wasn't weren't"
        " haven't hasn't"
    )
)
# Verbs and phrases that take the next clause as their object ("we see that", "I think it is").
TAKES_CLAUSE = word_set(
    "see saw say said says think thought know knew mean means guess believe suppose imagine feel"
    " show shows showed notice find found hope assume that what why how where who which whatever"
    " whenever wherever remember recall sure tell tells told decide realize understand"
    " understands wonder conclude sees"
)
# Words that may stand doubled on purpose ("very very large", "no no").
DOUBLED = word_set("very really so many much long far no yes that had bye blah plus minus more")
NUMBERS = word_set(
    "zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty"
    " hundred thousand million billion"
)
COMMON_VERBS = word_set(
    "get put go do make take see use want look come give find let need try run know think call"
    " went got took made saw did put using looking merging moving building"
    " putting getting going doing making taking looking using trying running"
)
FUNCTION_WORDS = (
    ARTICLES
    | PREPOSITIONS
    | CONJUNCTIONS
    | AUXILIARIES
    | SUBJECTS
    | CONTRACTED
    | POINTERS
    | CONTRACTED_POINTERS
    | QUESTION_WORDS
    | word_set(
        "so not just also then now well very really let's them us me him who which there's what's"
        " only even still again yet already else too maybe okay yeah right actually basically"
        " going gonna want kind sort lot bit thing things like know see one two first"
        " simply will because want's need able us you're"
    )
)
