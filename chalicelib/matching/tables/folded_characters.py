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
# Japan's forms of characters that OpenCC's tables of variants do not have, each before the simplified form.
JAPANESE = (
    "広广沢泽桜樱気气鉄铁駅驿図图団团囲围栄荣営营塩盐円圆応应仏佛仮假伝传価价倹俭児儿処处剣剑剤剂剰剩労劳効效勧劝勲勋単单厳严収收圏圈圧压塁垒壊坏壌壤壱壹売卖変变奨奖姫姬娯娱実实寛宽対对専专尭尧巣巢巌岩帯带帰归庁厅廃废弐贰弾弹"
    "従从徳德恵惠悩恼悪恶懐怀戦战戯戏払拂抜拔択择拠据拡扩挙举捜搜挿插掲揭揺摇摂摄撃击斉齐斎斋晩晚暁晓暦历曽曾栃枥桟栈検检楽乐様样権权歓欢歩步歯齿毎每浄净浜滨涙泪渇渴済济渉涉渋涩渓溪満满滝泷瀬濑焼烧犠牺猟猎獣兽畳叠発发県县砕碎稲稻穂穗穏稳竜龙粋粹粛肃糸丝経经絵绘継继続续総总縁缘縄绳縦纵繊纤聡聪聴听脳脑臓脏艶艳芸艺荘庄蔵藏薬药蛍萤覇霸覚觉覧览観观訳译読读譲让豊丰賛赞転转軽轻辺边逓递遅迟郷乡酔醉醸酿釈释銭钱鋳铸錬炼関关闘斗陥陷険险隣邻隠隐雑杂霊灵頼赖顕显駆驱騒骚験验髄髓髪发鶏鸡黒黑黙默齢龄亜亚両两倶俱冨富勅敕呉吴塡填嶋岛拝拜槇槙渕渊砿矿繋系脇胁舗铺襌禅鉱矿飜翻"
)
# What is put between characters: strokes, marks of repetition, kana that are drawn like strokes.
MARKS = "丶丨丿乀乁亅乚灬々〆〃ゝゞヽヾツシノソ彡ー〤"
# Letters that are drawn empty: the fillers of Hangul, in full and half width, and the blank of Braille.
FILLERS = "\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5"
# Digits that are drawn in rings, and the formal numerals of contracts.
NUMERALS = "0零〇零1一2二3三4四5五6六7七8八9九壹一貳二贰二弐二叁三參三肆四伍五柒七捌八玖九拾十〡一〢二〣三"
