"""Characters that are written for others: by hand, from the names of the Unicode character database.

Sources: the blocks CJK Radicals Supplement, Greek, Cyrillic, Katakana and Hangul Jamo of Unicode 15 (Unicode licence);
what looks like what is common knowledge of fonts.
"""

# U+2E80 to U+2EF3 in order, each with the ideograph that it is drawn as; a space: none.
RADICALS = (
    " 厂乛乚乙亻冂几刀刂卜㔾小小尢尣尢尣巳幺彑彐忄心扌攵 旡日月歺母民氵氺灬爫爫丬牛犭王疋目示礻竹糸纟网罒网网网羊羊羊耂肀聿肉臼艹艹艹虎衤西西见角角讠贝足车辶辶辶"
    "阝钅長長长门阜阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾齐齐歯齿竜龙龟亀龟"
)
# Greek and Cyrillic letters, small capitals and phonetic letters, each before the Latin letter that it looks like.
LATIN = (
    "ΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧxαaοoνvρpιiκkυuχxεeτtωwϲcϹcϳjАaВbЕeЅsІiЈjКkМmНhОoРpСcТtУyХxЬbѴvԌgԚqԜw"
    "аaсcеeоoрpхxуyіiјjѕsԁdһhԛqԝwвbкkмmнhтtѵvіiᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢzıiɡgɑa"
)
# Letters of other scripts and rare ideographs, each before the ideograph that it looks like.
HAN = "Ξ三Ш山ш山カ力ロ口エ工ニ二ハ八タ夕ト卜チ千ヘ八オ才セ七ミ三ㄚ丫ㄖ日ㄇ冂囗口"
# What is put between characters: strokes, marks of repetition, kana that are drawn like strokes.
MARKS = "丶丨丿乀乁亅乚灬々〆〃ゝゞヽヾツシノソ彡ー〤"
# Letters that are drawn empty: the fillers of Hangul, in full and half width, and the blank of Braille.
FILLERS = "\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5"
# Digits that are drawn in rings, and the formal numerals of contracts.
NUMERALS = "0零〇零1一2二3三4四5五6六7七8八9九壹一貳二贰二弐二叁三參三肆四伍五柒七捌八玖九拾十〡一〢二〣三"
