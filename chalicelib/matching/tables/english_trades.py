"""What the words of English business names are called in Chinese ones: by hand, from common usage in English names of
Chinese firms and the English edition of GB/T 4754-2017 (national classification of industries)."""

# A line: the English words, then what they stand for; several English words stand for one thing where they are joined by _.
ENGLISH = """
trading trade commerce commercial:贸易 商贸 经贸 商业 商务 工贸
international_trade international_trading:国际贸易 贸易 进出口
economic_and_trade economic_trade economy_trade:经贸 商贸 贸易
industry_and_trade industry_trade industrial_trade:工贸 商贸
import_and_export import_export imp_exp:进出口 贸易 国际贸易
foreign_trade:外贸 对外贸易 贸易
technology tech technologies technical science_and_technology sci_tech hi_tech high_tech science:科技 技术 高科技 科技发展
network_technology internet_technology network internet:网络科技 网络 网络技术
information_technology it:信息技术 信息科技 信息
electronic_technology electronics_technology:电子科技 电子技术 电子
electronic_commerce e_commerce ecommerce:电子商务
electronic electronics:电子 电子科技 电器
microelectronics microelectronic:微电子
electric electrical electrics:电气 电器 电力
electric_appliance electrical_appliance electrical_appliances electric_appliances home_appliances household_appliances appliance appliances:电器 家电 家用电器
electromechanical mechanical_and_electrical electrical_and_mechanical mechatronics:机电 机电设备
intelligent_technology smart_technology:智能科技
intelligent smart intelligence:智能
intelligent_equipment:智能装备 智能设备
software:软件 软件开发
communication communications telecom telecommunication:通信 通讯
computer computers:计算机 电脑
digital:数码 数字
semiconductor:半导体
optoelectronics photoelectric optoelectronic photoelectricity:光电 光电科技
optical optics:光学
lighting:照明
led:光电 照明
photovoltaic solar solar_energy:光伏 太阳能
new_energy energy:新能源 能源
power electric_power:电力 动力
battery:电池
cable cables wire_and_cable:电缆 线缆 电线电缆
instrument instruments instrumentation:仪器 仪表 仪器仪表
automation:自动化
robot robotics robots:机器人
machinery machine machines mechanical:机械 机械制造 机械设备 机器
machinery_equipment mechanical_equipment machinery_and_equipment:机械设备 机械
equipment equipments:设备 装备 器材
heavy_industry heavy_industries:重工
precision precise precision_manufacturing:精密 精制 精工
tool tools:工具
mould mold moulds molds:模具
bearing bearings:轴承
valve valves:阀门
pump pumps:泵业 水泵
hardware metals_hardware:五金 五金制品
metal metals metal_products:金属 金属制品
steel iron_and_steel iron_steel:钢铁 钢材
steel_structure:钢结构
aluminum aluminium:铝业
copper:铜业
mining mineral minerals:矿业
coal:煤炭 煤业
petroleum oil oil_and_gas:石油 油
petrochemical petrochemicals:石化
gas:燃气
chemical chemicals chemistry chemical_industry chemistry_industry chemical_industries:化工 化学
fine_chemical fine_chemicals:精细化工
plastic plastics plastic_products:塑料 塑胶 塑料制品 塑业
rubber rubber_products:橡胶 橡胶制品
glass:玻璃
ceramic ceramics:陶瓷
stone:石材 石业
paper:纸业
packaging package packing:包装 包装制品
printing:印刷 印务 彩印
new_materials new_material advanced_materials materials material:新材料 材料
building_materials building_material construction_materials:建材 建筑材料 新型建材
construction building architecture architectural construction_engineering building_engineering construction_project:建筑工程 建筑 建设工程 建设 建筑安装
labor labour labor_service construction_labor:劳务 建筑劳务
decoration decorative decoration_engineering:装饰 装饰工程 装修 装潢
design:设计
engineering project:工程
installation:安装
municipal_engineering:市政工程
landscape gardens garden landscaping:园林 园林绿化 景观
real_estate property real_estate_development estate realty:房地产 房地产开发 地产 置业
real_estate_agency:房地产经纪
property_management property_service property_services:物业管理 物业服务 物业
development exploitation:开发 发展
investment investments invest:投资
investment_management asset_management:投资管理 资产管理
holding holdings:控股
capital:资本
financial finance:金融 财务
leasing rental lease:租赁
management:管理
enterprise_management business_management corporate_management:企业管理
consulting consultancy consultants consultation:咨询 顾问
management_consulting business_consulting:管理咨询 企业管理咨询 商务咨询
human_resources human_resource hr:人力资源
advertising advertisement ad:广告
media:传媒
culture_media cultural_media culture_communication cultural_communication culture_and_media:文化传媒 文化传播
culture cultural:文化
film film_and_television film_tv film_and_tv:影视
education educational:教育 教育科技
travel tourism travel_agency travel_service international_travel_service:旅游 旅行社 国际旅行社
hotel hotels:酒店 宾馆
hotel_management:酒店管理
catering restaurant:餐饮 餐饮管理 餐饮服务
catering_management:餐饮管理
food foods foodstuff foodstuffs:食品 食品加工
beverage drink:饮料
wine liquor wines winery:酒业 酒
tea:茶业 茶叶
rice:米业
oil_and_grain grain_and_oil grain:粮油
agriculture agricultural agri agricultural_technology agricultural_development agriculture_development:农业 农业科技 农业开发 农业发展
ecological_agriculture:生态农业
farming breeding husbandry animal_husbandry:养殖 牧业 畜牧 农牧
planting plantation:种植
seed seeds:种业
forestry:林业
fishery aquatic aquatic_products seafood:水产 渔业
fertilizer:肥业 化肥
feed:饲料
garment garments clothing apparel clothes fashion dress:服装 服饰 制衣 时装
textile textiles:纺织 纺织品
knitting:针织
leather leather_products:皮革 皮具
shoes footwear shoe:鞋业
bags luggage:箱包
toys toy:玩具
jewelry jewellery ornament ornaments:珠宝 首饰 饰品
accessories accessory:饰品 配饰 配件
crafts arts_and_crafts gifts gift:工艺品 礼品
furniture:家具 家私
household home_furnishing home:家居 家居用品
daily_necessities commodity daily_commodities department_store general_merchandise:日用品 百货 日用百货
supplies articles products goods:用品 制品
cosmetics cosmetic beauty:化妆品 美容
medicine pharmaceutical pharmaceuticals medical pharmacy pharma:医药 药业 制药
biotechnology bio_technology biotech biological_technology bio_tech:生物科技 生物技术
biological biology bio:生物
bio_pharmaceutical biopharmaceutical:生物制药 生物医药
medical_device medical_devices medical_equipment medical_instrument medical_instruments:医疗器械
health:健康 健康科技
sports sport sporting_goods:体育 体育用品
automobile auto automotive vehicle vehicles car:汽车
auto_parts automobile_parts automotive_parts:汽车配件 汽车零部件
auto_sales automobile_sales:汽车销售 汽车销售服务 汽车贸易
sales marketing:销售
logistics:物流
transportation transport freight:运输 货运
freight_forwarding:货运代理
shipping:航运 船务
supply_chain supply_chain_management:供应链 供应链管理
warehousing storage:仓储
express:快递 速递
environmental_protection environment environmental eco:环保 环境 环保科技
environmental_protection_technology environmental_technology:环保科技
water_treatment water:水务 水处理
security safety:安防 保安 安全
fire fire_fighting fire_protection:消防
testing inspection detection:检测
service services:服务
industry industries industrial:实业 工业 产业
manufacturing manufacture manufacturer:制造
processing:加工
wood timber wood_products:木业 木材
bamboo:竹业
silk:丝绸
insurance:保险
guarantee:担保
securities:证券
auction:拍卖
exhibition:展览 会展
supermarket:超市
pet:宠物
"""
# English words of a legal form, and small words; none is a part of a brand where it ends a name.
FORMS = frozenset(
    "co ltd limited firm factory plant store shop city province district county official flagship mall online outlet inc incorporated corp corporation company llc lp plc pte gmbh group holdings joint stock share shareholding the and of".split()
)
# What foreign usage calls a place, and its name in Chinese.
PLACES = """
taipei:台北
kaohsiung:高雄
taichung:台中
tainan:台南
hsinchu:新竹
keelung:基隆
taoyuan:桃园
inner mongolia:内蒙古
neimenggu:内蒙古
tibet:西藏
xizang:西藏
hong kong:香港
hongkong:香港
macau:澳门
macao:澳门
taipei:台北
taiwan:台湾
shaanxi:陕西
harbin:哈尔滨
haerbin:哈尔滨
urumqi:乌鲁木齐
wulumuqi:乌鲁木齐
hohhot:呼和浩特
huhehaote:呼和浩特
lhasa:拉萨
kashgar:喀什
kashi:喀什
qiqihar:齐齐哈尔
ordos:鄂尔多斯
erdos:鄂尔多斯
canton:广州
peking:北京
amoy:厦门
xinjiang uygur:新疆
xinjiang uyghur:新疆
guangxi zhuang:广西
ningxia hui:宁夏
turpan:吐鲁番
hami:哈密
karamay:克拉玛依
korla:库尔勒
yili:伊犁
baotou:包头
chifeng:赤峰
hulunbuir:呼伦贝尔
bayannur:巴彦淖尔
wulanchabu:乌兰察布
ulanqab:乌兰察布
xilingol:锡林郭勒
dongguan city:东莞
"""
