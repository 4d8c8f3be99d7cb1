"""Readings of phrases: made by tables/phrases.py, not by hand. Source: pypinyin 0.55.0 (MIT)."""

USUAL_READINGS = "厦xia 佛fo 都du 藏zang 长chang 行xing 会hui 调diao 蚌beng 模mo 什shen 参can 牟mu 槟bing 漯luo 枞zong 坻di 泌mi"
OTHER_READINGS = "厦sha 佛fu 都dou 藏cang 长zhang 行hang 会kuai 调tiao 模mu 乐yue 重chong 畜xu 朝chao 六lu 参shen 番pan 柏bo 蚌bang 堡bu"
# A line: the phrase, then the reading of each character.
PHRASES = """\
万柏林区 wan bo lin qu
三都 san dou
东阿 dong e
丰都 feng dou
乐亭 lao ting
乐器 yue qi
乐团 yue tuan
乐清 yue qing
于都 yu dou
人参 ren shen
今朝 jin zhao
会计 kuai ji
佛冈县 fu gang xian
佛坪县 fu ping xian
信都 xin dou
六安 lu an
分行 fen hang
南乐 nan yue
南长 nan zhang
参茸 shen rong
吴堡 wu bu
商行 shang hang
商都 shang dou
喀什 ka shi
增长 zeng zhang
声乐 sheng yue
大厦 da sha
大埔 da bu
天长 tian zhang
子长 zi zhang
宁都 ning dou
宜都 yi dou
家长 jia zhang
尉犁 yu li
尧都 yao dou
广厦 guang sha
弥勒 mi le
弹簧 tan huang
成长 cheng zhang
拍卖行 pai mai hang
收藏 shou cang
新都 xin dou
昆都仑 kun dou lun
昌都 chang dou
曾都 ceng dou
望都 wang dou
朝阳 zhao yang
模具 mu ju
武都 wu dou
殷都 yin dou
民乐 min yue
泌阳 bi yang
浪卡子 lang qia zi
海参 hai shen
漯河 ta he
牟定 mou ding
犍为 qian wei
畜牧 xu mu
略阳 lve yang
番禺 pan yu
疏勒 shu le
盐都 yan dou
秦都 qin dou
空调 kong tiao
花都 hua dou
茄子河 qie zi he
莲都 lian dou
蔚县 yu xian
蚌山 bang shan
行业 hang ye
襄都 xiang dou
调味 tiao wei
郫都 pi dou
都兰 dou lan
都匀 dou yun
都安 dou an
都昌 dou chang
重庆 chong qing
铅山 yan shan
银行 yin hang
长丰 zhang feng
长垣 zhang yuan
长子 zhang zi
长宁 zhang ning
长岛 zhang dao
长岭 zhang ling
长武 zhang wu
长治 zhang zhi
长泰 zhang tai
长洲 zhang zhou
长海 zhang hai
长清 zhang qing
长白 zhang bai
长葛 zhang ge
长阳 zhang yang
长顺 zhang shun
阿胶 e jiao
音乐 yin yue
马尾 ma yi
魏都 wei dou
黄陂 huang pi"""
