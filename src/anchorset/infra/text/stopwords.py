"""Words that carry no topic, by language. Short lists of our own: function words, not rare ones.

What this module does not know: how words are cut out of a text.
"""

from __future__ import annotations

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(listed.split())
    for language, listed in {
        "en": (
            "a about after again all also am an and any are aren't as at be because been before being but by can "
            "can't cannot could couldn't did didn't do does doesn't doing don't dont down during each few for "
            "from further get got had hadn't has hasn't have haven't having he her here hers him his how i i'd "
            "i'll i'm im i've ive if in into is isn't it it's its itself just let's me more most my myself no nor "
            "not now of off on once only or other our ours out over own please same she should shouldn't so some "
            "such than that that's the their them then there there's these they they're this those through to too "
            "u until up us very was wasn't we we're we've were weren't what what's when where which while who "
            "who's whom why will with won't would wouldn't you you're your yours"
        ),
        "de": (
            "aber alle als also am an auch auf aus bei bin bis bitte da das dass dem den der des die dies diese "
            "dir doch du ein eine einem einen einer er es für haben habe hat hier ich ihr ihre im in ist ja kann "
            "kein keine können man mein meine mich mir mit muss nach nicht noch nur oder schon sein sich sie sind "
            "so um und uns vom von vor war was wann warum wenn wer werden wie wir wird wo zu zum zur über"
        ),
        "fr": (
            "à ai au aux avec avez c'est ce ces cette comment dans de des du elle en est et être faire il ils "
            "j'ai je la le les leur lui ma mais me mes moi mon n'est ne nous on ou où par pas plus pour pourquoi "
            "quand que qu'il quel quelle qui sa sans se si son sont sur ta te tu un une vos votre vous y été"
        ),
        "es": (
            "a al algo como con cuando cómo de del desde donde dónde el ella en es esta está este esto estoy fue "
            "ha hay he la las le lo los más me mi mis muy necesito no nos o para pero por porque puedo que qué "
            "quiero se si sin sobre son su sus también te tengo tu un una usted y ya yo"
        ),
        "it": (
            "a ai al alla anche che chi ci come con cosa da dal dalla dei del della di dove e è gli ha hanno ho i "
            "il in io la le lo loro ma mi mia mio ne nel nella non o per perché più posso qual quale quando "
            "quanto questa questo se sei si sono su sua suo ti tu un una vi vorrei"
        ),
        "pt": (
            "a ao aos as às com como da das de desde do dos e é ela ele em então essa esse esta está este eu foi "
            "isso já lhe mais mas me meu minha muito na não nas no nos o onde os ou para pela pelo por porque "
            "posso qual quando que quero se sem ser seu sua são também tem tenho um uma você"
        ),
        "nl": (
            "aan al als bij dan dat de deze die dit doen door een en er geen haar heb heeft het hij hoe ik in is "
            "ja je kan kunnen maar me mee met mij mijn moet na naar niet nog of om ook op over te toen tot u uit "
            "uw van voor waar waarom wanneer was wat we wel wie wij wil zijn ze zich zo"
        ),
        "pl": (
            "a aby ale bez bo być by był było co czy dla do gdzie go i ich ile ja jak jako jest jestem już kiedy "
            "która które który ma mam mi mnie moja moje może mój na nie o od po pod przez przy się są ta tak tam "
            "te tego ten to tu tylko w we z za ze że"
        ),
        "sv": (
            "alla att av de den det dig du där efter eller en ett från för ha han har hur i inte jag kan man med "
            "men mig min mitt mot nu när och om på sig ska som så till under upp vad var vi vill är över"
        ),
        "tr": (
            "ama ben beni benim bir bu çok da daha de değil diye en gibi hangi için ile ise kadar ki mi mı mu mü "
            "nasıl ne neden nerede o olan olarak sonra şey şu var ve veya ya yok"
        ),
    }.items()
}
"""ISO 639-1 code -> lower-case words with straight apostrophes."""

ALL_STOP_WORDS: frozenset[str] = frozenset().union(*STOP_WORDS.values())
