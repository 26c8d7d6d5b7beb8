import { withFigures } from '../language/dates.ts';

/**
 * The words in which people ask about a journey, English and Japanese. General language: names come from the itinerary.
 * A word that neither these tables nor the itinerary have is content, and what asks for content is not answered by a list.
 */

/** The words of a text. */
type Words<Text extends string, All = never> = Text extends `${infer First} ${infer Rest}`
  ? Words<Rest, All | First>
  : All | Text;

export type WordClass = Words<typeof CLASSES>;

/** Some of the classes, as the literal text that the compiler checks word by word. */
export function classList<Text extends string>(
  text: Words<Text> extends WordClass ? Text : never,
): readonly WordClass[] {
  return text.split(' ') as WordClass[];
}

/** What is asked; what is counted or listed; which of them; what was done; who and where; grammar. */
const CLASSES =
  'count often which what who where when weekday clock long minutes all overview meeting event people country city place continent day night tour route court gender abroad first nth last longest shortest most fewest more fewer alone total each average once next before after straight between until since sameday apart far only except or than else elsewhere none same row apiece difference meet see go move back start end be do say act traveller counterpart there then that nextday and part in with of about topic not named other the aux filler';

/** Classes: English phrases | Japanese phrases. Other forms of an English word are read by its stem. */
const WORDS = `
count: how mny, hw many, howmany, tally, tally of, total count, what number of, what is the number of, amount of, quantity of, how much meetings, how much people, how much countries, or were there more, or was there more than one, or was it more, or more than one, or more than that, how many, number of, number, count, total number of, total | どれだけ, いくつぐらい, いくつくらい, いくつ, 何個, 何件, 件数, 総数, 数
often: how frequently, on how many occasions, how many occasions, how many separate times, how often, how many times, number of times | 何回ぐらい, 何回くらい, 何度ぐらい, 何回, 何度, 回数
when: until when, till when, up to when, wen, when exactly, at which date, on which date, what were the dates, when, what date, which date, what day, which day, what dates, which dates, which days, what days, dates | いつごろ, いつ頃, なん日, 何日ごろ, 日取り, いつ, 何日, 何月何日, 日付, 日にち
people: foreigner, foreign guest, representatives of, representative of, representatives from, guest, guests, officials of any kind, individual, a counterpart, personality, contact, vip, attendee, participant, conversation partner, discussion partner, partner, big names, big name, important people, high ranking people, people, person, anyone, anybody, someone, somebody, interlocutor, dignitary, host, ppl | 方々, 人々, 方たち, ひと, 関係者, お相手, 出席者, お偉いさん, メンバー, 人, 人物, 相手, 要人, 方, 人たち, 面々
start: beginning, begining, begun, commence, commenced, get going, got going, get under way, got under way, start, started, begin, began, kick off, kicked off | 始ま
see: c, set eyes on, see, saw, seen | 見
do: share, shared, squeeze in, squeezed in, squeeze, cram in, crammed in, fit in, fitted in, pack in, packed in, rack up, racked up, clock up, clocked up, manage, managed, get through, got through, work through, tick off, ticked off, line up, lined up, log, logged, left to do, still to do, to be done, get up to, got up to, been up to, do, done, doing, happen, happened, go on, went on, going on, take place, took place, up to | 起き, 行わ, あっ, あり, した, しまし
who: whose, hu, job, actual job, job title, occupation, profession, which folks, names of the people, name of the person, who, whom, whos, career, background, biography, bio, profile | 職業, 肩書き, 肩書, 役職, どなたさま, どういう方, どんな方, 経歴, 略歴, プロフィール, 名前, お名前, 氏名, 誰, だれ, どなた, どんな人, どういう人, 何者
what: wat, wot, wut, what exactly, what all, what, whats | 何, なに, どんな, どのような, どういった
where: in what place, where exactly, where on earth, where, wheres, whereabouts | どこら, どのあたり, どの辺, どこ, 何処
clock: time of, at what hour, what oclock, at which hour, starting at what time, what time, which time, what hour, time of day, start time, starting time, local time, at local time | 何時スタート, 何時始まり, 何時開始, 何時, 何時頃, 何時ごろ, 開始時刻, 時刻は, 開始時間
all: every single, each and every, every last one of, the lot, find all, find, find me all, all, all of them, them all, every, list, name, enumerate, complete, full, entire, whole, everything | 全員分, もれなく, 漏れなく, 全件, ぜんぶ, リストアップ, 全部, すべて, 全て, 一覧, リスト, 列挙, 全, 挙げ
all people: each person, every person, everyone else, the people, everyone, everybody, all the people | 皆さん, 全員の, 全員, みんな
meeting: tete a tete, huddle, powwow, pow wow, confab, consultation, sitdown, get togethers, bilat, bilats, convo, discussion, talk session, face to face meeting, one on ones, work meeting, meeting, meetings, get together, sit downs, chat, session, audience, talks, bilateral, bilaterals, conversation, encounter, meetup, meet up, sit down | 対談, 懇談, 話し合い, ミーティング, 打ち合わせ, 会議, 会談等, 会談, 面会, 会合, 面談
event: programme point, plan, plans, programme items, itinerary items, things planned, program point, agenda point, calendar entry, calendar item, fixture, commitment, item on the agenda, slot, official event, official engagement, to do, event, appointment, engagement, item, entry, activity, occasion, things, thing, stuff, anything, something, programme item, agenda item | 用件, アポ, アポイント, 催し, 公務, 日程項目, 項目, 仕事, 件, 予定, 出来事, 行事, イベント, 活動, 用事
filler: pay, paid, offer, offered, mr, mrs, ms, dr, sir, madam, may i ask, elapsed, in the end, eventually, finally, before flying home, before heading home, as foreign minister, as prime minister, before going home, took part in, start to finish, from start to end, if you can, if you could, by the way, do you know, could you tell me, can you tell me, i want to know, let me know, i need to know, and say, lasting, on them, each once, described as, leg, as, whether, yes, okay, terribly, would love, local clock, can someone, could someone, can anyone, looking at, look at, other side, type, kind of, diffrent, these two, those two, what all, ground, soil, straight on, i am, name them, list them, hello there, dear all, out of, stay there, as planned, thing, held her, moment, group, breathe, how big, i heard, thread, be so, names please, school project, calendar, sort of, ever, or other, any other, region, protocol, file, handout, archive, records, desk, editor, infographic, spreadsheet, chart, fact check, crossword, pub quiz, quiz, bet, trivia, random question, fr, bruh, bestie, yall, wanna know, wanna, gotta, gimme, dunno, ta, ty, hiya, in fact, in truth, exact, accurate, correct, in numbers, in figures, i wonder, wonder, curious about, interested in, if any, out, in there, hereby, herewith, in january, somewhere, someday, entire, shall, should, must, might, may, on offer, there is, there are, exist, tight, distinct, unique, separate occasions, formally, official, personally, current, in turn, on camera, just once, starting with, inclusive, counting from, counted, counts, roughly speaking, nearly, almost, close to, about how, around how, at least, on earth, local, rank, ranking, umm, heyy, yo, omg, ngl, haha, provide, indicate, supply, kindly state, essay, homework, presentation, project, my editor, ms, sir, madam, passed, elapsed, went by, planned, scheduled, foreseen, like, compare, held, counting both, both times, ie, i.e, w, instead, such, anywhere, anytime, counting, count them, separately, separate, seperate, few, a few, several, various, certain, whole trip, building, basically, literally, anyway, apparently, supposedly, seriously, perhaps, already, yet, for school, for class, i need, we need, looking for, remind me, mate, folks, dot, mark, put together, work out, help me, cant remember, remember, not sure, whatever, at all, or so, known, by clock, tell, need, wanted, of those, of these, of all, of them, between them, among those, strictly, precisely, only just, question, one more, here, out there, way, far, up, off, put, our, my, mine, spell out, write out, break down, breakdown, bullet points, bullet list, table, names only, number only, one line, sum, full list, whole list, wise, running order, en route, if, lies, lie, took up, take up, single, diary, ran, run, among, too, also, back in, make do, fell, fall on, made do, had to, has to, sat across, names, sorry, itself, i believe, i think, i mean, we know, in line, into, job, dont, isnt, dear, curious, just curious, btw, in advance, for me, i read, good morning, good evening, please, pls, plz, thanks, thank you, thx, hi, hello, hey, ok, so, now, well, actually, really, exactly, just, any, some, me, us, i, it, its, do you, would you, u, r, can u, will you, if you, have you, you know, you have, for, on, during, roughly, one, ones, tell me, tell us, give me, show me, list of, can you, could you, kindly, bot, wondering, know, give, show, these, those, that, hold, having, get, got, make, made, attend, attended, own, officially, lol, kind, sort, home, lasted, very, different, quick, etc, briefly, chronological, chronologically, so far, both, over, show the, show all, right, guys, part, we, we have, whichever, on record, still, as well, clock time, clock times, himself, herself | 情勢, 入っ, 入って, 入る, 出てい, 々, すみません, おはよう, 助かり, よろしく, ご存じ, 記録, 公式, 合ってる, 合って, 間違い, 認識, 理解, 同じく, 各地, 現地, 道中, 途中, 途中で, 相手方, 出てきた, 出てくる, 挙がっ, 簡潔に, 詳しく, 箇条書きで, 表, 表で, 表に, 順に, 順番に, 宿題, 学校, 取材, 報告書, 報告, クイズ, 賭け, 知りたい, 聞き, 伺いたい, 調べて, 忘れ, 思い出せ, 覚えて, 気になる, 気にな, 朝から晩まで, 食べ, あわせて, 含めて, 入れて, 数え, 通し, 全体, 全行程, 全日程, 当日, 実際, 本当, 本当に, 具体的, 正確に, だいたい, 程度, 順不同, 名前だけ, 数字だけ, 抜き出, 挙げて, 出して, 見せて, 確認, 記事, 年表, 名, 件数, 回答, 期間中, 外遊中, 滞在中, 訪問中, 歴訪中, 旅行中, みたいな, ような, とか, なんか, なんて, きっかり, ちょうど, 現地時間の, 時刻, もの, 残っ, 残って, 同じ, 結局, 逆に, やつ, 側, 一緒, 一緒に, 思う, 並べ, 並べて, 分けて, はず, らしい, ざっくり, 済ませ, 分かって, わかる, わかって, 早い順, 早い, たしか, 確か, だけ, 教えて, 各国, 各, 中, 時, 回目, 目, 上, 下, 的, 要, 形, 感じ, 教, 等, 氏, 様, 知, 帰国前, 開い, 開か, 開催, 続い, 続き, かか, 内, うち, 答え, 願い, お願い, 示し, 整理して, 時点, 期間
country: land, foreign country, foreign land, country, nation, member, member state, member country | 国家, 外国の国, 国, 国々, か国, カ国, 訪問国, 国名
city: municipality, metropolis, city, town, capital | 市町村, 市, シティ, 都市, 街, 町, 首都, 訪問都市
place: spot, site, port of call, locality, halt, stopping point, stop on the route, stop along the way, place, stop, stopover, destination, location | 地点, スポット, 立寄先, 立ち寄り地, 訪問した場所, か所, カ所, ヶ所, 箇所, 場所, 訪問先, 訪問地, 行き先, 立ち寄り先, 目的地, 滞在先
tour: jaunt, swing, voyage, expedition, odyssey, overseas visit, overseas trip, overseas tour, visit abroad, official trip, business trip, diplomatic trip, diplomatic tour, foreign tour, world tour, round trip, two weeks, the two weeks, january trip, january tour, january 2024 trip, from departure to return, between departure and return, from start to finish, from beginning to end, tour, trip, journey, travels, foreign trip, trip abroad, on the tour, on the trip, of the tour, of the trip, away | 訪問全体, 外遊全体, 旅行, 遠征, 一連の訪問, 海外訪問, 外国出張, 歴訪全体, 出発から帰国まで, 外遊, 歴訪, 旅, ツアー, 出張, 外国訪問, 今回, 海外出張
go: swing by, left to visit, still to visit, left to see, swung by, touch down, touched down, pop over, popped over, pop into, popped into, drop in, dropped in, stop off, stopped off, hit up, make it to, made it to, jet to, jetted to, call in at, called in at, go over to, tour, toured, traverse, travel through, set foot in, visit, visits, go, went, gone, going, travel, travelled, traveled, stay, stop, stopped, spend, spent, come, came, head, drop by, come by, go through, set foot, stop over, pass through | 渡航し, 赴い, 足を運ん, 足を運び, 経由し, 訪ね, 訪ねて, 来訪し, 移っ, 飛ん, まわっ, まわり, まわる, 寄った, 降り立っ, 巡った, 行かれ, 行った, 立ち寄った, 訪れた, 訪れ, 訪問し, 訪問, 行っ, 行く, 行き, 回っ, 回り, 回る, 巡り, 巡る, 寄り, 巡っ, 滞在, 過ごし, 寄っ, 移動, 立ち寄, 向かっ
go move: fly in, flew in, fly into, flew into, land in, landed in, arrive at, called at, call at, calls at, moved on, move on, arrive, reach, fly, flew, flying, get to, got to | 着い, 着く, 到着, 入り, 渡っ
go move back: be back, was back, is back, arrive back, arrived back, landed back, come back, came back, coming back, get back, got back, return, returned, come home, came home, go home, went home, get home, got home, return home, returned home, fly home, flew home | 戻っ, 戻り, 帰国, 帰国し, 帰っ, 帰り
move: head off, headed off, take off, fly off, flew off, set out, leave, left, leaving, depart, set off, fly out, flew out | 発っ, 出発し, 離れ, 出た, 出て
meet: call upon, called upon, call on, called on, calls on, calling on, paid a call on, pay a call on, treat to, treated to, called upon, had called upon, appear, appeared, catch up with, caught up with, run into, ran into, get face time with, got face time with, rub shoulders with, rubbed shoulders with, hang out with, hung out with, engage with, engaged with, confer with, conferred with, converse with, have a word with, had a word with, got to meet, get to meet, come across, came across, interact with, consult with, consulted, sit with, sat with, have talks with, had talks with, was received by, were received by, be received by, was welcomed by, was hosted by, exchange views with, exchanged views with, spend time with, spent time with, bump into, bumped into, get together with, got together with, cross paths with, crossed paths with, make the acquaintance of, have an audience with, had an audience with, hold a meeting with, held a meeting with, held meetings with, had a meeting with, had meetings with, have a meeting with, pay a visit to, paid a visit to, pay a visit to, paid a visit, pay a visit, check in with, among them, on her list, on his list, on the list, shake her hand, shook her hand, meet, met, join, joined, talk to, talk with, talk, speak to, speak with, speak, spoke, spoken, call on, called on, receive, welcome, host, greet, hold talks, held talks, sit down with, sat down with, sit down, sat down, shake hands with | 面談し, 対面し, 対談し, 懇談し, 顔を合わせ, 顔合わせ, 言葉を交わ, 会ってる, 会いに行, 同席し, 会談を行, 会談を持, 面会を, 意見を交わ, 握手し, 会わ, 会われ, お会い, お目にかか, 話せ, 話をし, 会え, 会って, 会う, 会い, 会っ, 会談し, 面会し, 会談さ, 迎え, 出迎え
first: number one, no 1, number 1, at the head, at the very start, at the very beginning, sooner, earliest, initial, initially, maiden, inaugural, to begin with, at the outset, at the beginning, first, very first, opening, at the start | 初っ端, トップバッター, 真っ先, 一発目, 一つ目, 1つ目, 一番早, いちばん早, 最も早, 一番先, 一番はじめ, 一番最初, いちばん最初, 最初, はじめ, 一番目, 皮切り, 先, 先に
last: concluding, at the very end, at the end, ultimate, last, very last, final, latest, closing | 終わりから, 後ろから, 大トリ, 一番終わり, いちばん終わり, 終わりの, 締め, 一番さいご, 一番最後, いちばん最後, 一番遅, いちばん遅, 最も遅, さいご, 最後, 最終, ラスト, 締めくくり
longest: most lengthy, most prolonged, most extended, the greatest length, top by length, longest, longer, lengthiest, most time, most minutes, most days, most nights, most drawn out, dragged on the longest, took the most time, took longest, took the longest, got the most time, lasted longest, lasted the longest, ran longest, more time, more minutes, more of her time, more of his time, more of their time | 長時間, 一番時間をかけ, 最も時間をかけ, 時間が長, 時間の長, 長さベスト, 長さのベスト, 長さトップ, 長さのトップ, 長い, 長かっ, 長引, 長く, 時間をかけた, 時間かけた, 最長, 一番長, 最も長, いちばん長
shortest: most fleeting, speediest, least long, shortest, shorter, briefest, briefer, quickest, over the quickest, least time, least minutes, fewest minutes, least amount of time | 短時間, 時間が短, 時間の短, 短い, 短かっ, 短く, 最短, 一番短, 最も短, いちばん短
most: biggest number of, greatest number of, highest number of, largest number of, maximum number of, most crammed, most jam packed, most, busiest, fullest, most packed, most crowded, most often | 一番詰ま, 最も詰ま, ハードだっ, 過密, 一番ハード, 最も過密, 一番予定が多, ぎっしり, 忙しかっ, 多忙, 最多, 一番多, 最も多, いちばん多, 一番忙し, 最も忙し, いちばん詰ま
fewest: easiest, smallest number of, lowest number of, least number of, fewest, least, quietest, lightest, emptiest, least busy, least often | 一番暇, いちばん暇, 最も予定が少な, 最少, 一番少な, 最も少な, いちばん少な
before: in advance of, in the run up to, leading up to, up until before, before, b4, prior to, ahead of, preceding, previous to, previous, earlier than, when she reached, by the time she reached, when she arrived in, when she got to, by the time she got to, when he reached, when she arrived to, when she landed in, when she landed to, before she arrived in, before she came to | に来る前, に着く前, に先立, 手前, 前, 以前, より先
after: on from, in the wake of, following on from, once she was done with, once she was done in, once she was finished with, once she was finished in, once she had finished with, once she had left, once she left, when she was done with, having left, having finished, having seen, having met, after, later than, subsequent to | 済ませた後, 終えた後, 終わった後, 終わってから, 終えて, 後, あと, のち
since: once she was in, once she got off the plane in, once she had arrived in, once she had landed in, from when she arrived in, on or after, since, after arriving in, after arriving at, after arriving, after landing in, after landing, after reaching, after getting to, after she arrived in, after she landed in, after she reached, after she got to, after he arrived in, after he landed in, after he reached, after he got to, after they arrived in, after they landed in, once in, upon arriving in, upon arrival in, on arrival in, on arriving in | 以来, 以降, 以後
except: not belong to, not belonging to, with the exception of, exclusive of, omitting, omit, skip, skipping, excl, leaving out, forgetting, not considering, discounting, other then, not meetings but, not of, not the, not with the, just not, who were not, who was not, who are not, who is not, that were not, which were not, besides, except, except for, excluding, other than, apart from, aside from, outside, outside of, not counting, not including, not in, not with, if you do not count, if you dont count, do not count, dont count, leave out, left out, leave aside, leaving aside, setting aside, ignoring, disregarding, minus, bar, barring, save for, sans | を抜い, 除いて, 除い, 外し, を外して, 抜き, 抜きで, じゃなくて, ではなく, ではなくて, を除き, は除く, 除く, を除く, を除いて, を除いた
total: all in all, in sum, sum total, grand total, cumulative, cumulatively, overall total, together, taken together, put together, add up, adds up, adding up, tot up, sum up to, altogether, in all, all told, in total, total, combined, added up, sum of, overall | 総合, 総, 累計, 合算, 合計, 合わせて, 総計, 全部で, 延べ, トータル, 通算
average long: average time, mean time, average duration, mean duration, average length, mean length |
average: avg, average, on average, mean | 平均して, 平均
row: one after another, one after the other, day after day, straight days, running, in a row, consecutive, consecutively, back to back, on end, on the trot, in succession | 連続, 続けて, 立て続け
night: overnight, spend the night, spent the night, stay the night, stayed the night, stay overnight, stayed overnight, nights, night, nite, nites | 泊まっ, 泊まり, 宿泊し, 一泊, 泊, 宿泊
overview: lowdown, gist, gist of, highlights of, digest, synopsis, snapshot, at a glance, in brief, briefing on, fill me in about, catch me up on, walk through, a look at, what happened overall, what was on her plate, what was on his plate, what is on her plate, what is on his plate, what is on, what was on, whats on, overview, summary, short summary, brief summary, quick summary, short overview, brief overview, summarise, summarize, sum up, rundown, run through, recap, outline, tell me about, info on, info about, information on, information about, brief me on, what do you know about, what do we know about, details of, details on, details about, describe, walk me through, talk me through, take me through, fill me in on | ざっくり教えて, ざっと教えて, 概略, 流れ, サマリー, ダイジェスト, 概要, 要点, まとめ, まとめて, 要約, について教えて
route: one after another, one after the other, put these in order of time, in order of time, by order of time, lineup, line up, order of events, run of events, leg by leg, stop by stop, in sequence, sequentially, in date order, by date, in time order, in order of date, sorted by date, sequence of, chronology, chronological order, in chronological order, one by one, from first to last, by day, hour by hour, step by step, blow by blow, put in order, put them in order, put these in order, in order, itinerary, route, timeline, day by day, schedule, programme, program, timetable, travel plan, in what order, in which order, order, sequence, agenda | 足取り, 道順, 道のり, 日付順, 早い順, 順々, 時間順, 時系列, 時系列順, 旅程, 日程, 日程表, ルート, 行程, 順番, 順, 順序, スケジュール, 経路
route meet: | 会った順
route go: | 訪問順, 訪れた順, 回った順
country abroad: foreign countries, countries abroad
city abroad: foreign cities, cities abroad
traveller: envoy, the boss, the team, our minister, the party, the japanese side, the lady, this lady, she, her, he, his, they, their, delegation, hers | 一行, 大臣一行, 訪問団, 代表団, 彼女, 彼
content: plane, flight, weather, counted as, such as, as well as, as a result
route topic: on the agenda, on the agenda list
topic: as topic, listed as a topic, named as a topic, is a topic, a topic, as a topic, topic, topics, subject, subjects, theme, themes, agenda item, agenda items, talking point, talking points, issue, issues, on the table | 議題, 話題, テーマ, トピック, 話に出
not: not
named: named, is named, are named, was named, were named, by name, whose name is known, known by name
people named: named counterpart, named counterparts, named person, named people, named persons, named partner, named individual, named interlocutor, named guest
count people: how many people, how many folk, how many folks, how many different folks | 何人, 何名
count country: how many countries | 何か国, 何カ国, 何ヶ国, 何ヵ国, 何箇国, 何ケ国
count city: how many cities | 何都市
count place: how many places | 何か所, 何カ所, 何ヶ所, 何箇所, 何ヵ所
count day: how many days | 足かけ何日, 足掛け何日, 何日間, 何日滞在, 何日過ごし, 何日い
count night: how many nights | 何泊
which place: which building, what building, which venue, what venue |
which: which | どの, どれ, なんという
where country: where country | どこの国
when weekday: weekday, weekday of, what weekday, which weekday, what day of the week, which day of the week, day of the week, day of week | 何曜日, 何曜
minutes meeting: | 会談時間
minutes: mins, how many mins, how many minutes, minutes, how many hours, hours | 何分
long total: total time, time in total, total length
long: how big, how much of, how long, how much time, time spent, duration, length, length of | 何時間, 何時間ぐらい, 何時間くらい, 長さ, 所要時間, どのくらい, どれくらい, どれぐらい, どのぐらい
each country: by country
each city: by city
each day: every day, every single day, each day, each and every day, day by day count, daily count, for all dates separately, by day
each: per, in each, by each, for each, on each, in every, on every, by number of, each | ごと, 別, ごとの, 別の
meeting who: whose meeting, whose talks, whose visit
start tour: | 出発は, 出発日
meet people: | 面会者, 面会した人, 会談者, 話した相手, 話した人, 話し相手
continent: continent | 大陸
day: day, days | 日間, 日数, 日
court: court, tribunal, international court, international tribunal | 裁判所, 法廷, 国際裁判所
do route: on the programme
nth: second, third | 番目
nth country: | か国目, カ国目, ヶ国目
nth city: | 都市目
nth people: | 人目
nth last: penultimate, second to last, second last, last but one, next to last | 最後から二番目
longest meet: | 一番長く話, 最も長く話, いちばん長く話, 一番長く会, 最も長く会
longest shortest: rank by length, by length, by duration, in order of length, in order of duration, ranked by length, sorted by length, sort by length | 長さ順, 長い順, 時間の長い順
after or: or afterwards, or later
more: more, bigger, larger, greater, higher, more often, fuller, busier | 多い, 多く, 多かった, より多く
fewer: fewer, less, smaller, lower, less often | 少ない, 少なかった
alone: alone, unaccompanied, on her own, on his own, by herself, by himself, solo, without a partner, of her own, of his own, without a counterpart, without counterpart, without another minister, without any counterpart | 単独, 一人で, 単独で
same: the same, same, one and the same | 同じ
day none event: day off, days off, free day, free days, rest day, rest days
or: nor, or, vs, versus | それとも, どちら, どっち
none: neither, no, none, not a single, not one, zero, nobody, no one, nothing, noone | 誰も, 誰にも, 誰とも, 何も, なし, ゼロ, なかった, ない
abroad: abroad, overseas, on foreign soil, out of the country | 海外, 国外, 外国
difference longest: how much longer, how many minutes longer, how many more minutes
difference shortest: how much shorter
difference: by how much, difference, how many more | 差, 何分長, 何分短
apiece: each of them, of each, apiece | それぞれ, 各々
once: not just one time, not just once, not only once, more than one time, on several occasions, on more than one occasion, more than one occasion, more than a single time, on two or more occasions, two or more times, a second time, a second visit, two visits, on at least two occasions, at least two times, two times, appear more than once, appeared more than once, appear twice, shows up twice, show up more than once, more than once, twice or more, twice, repeatedly, several times, multiple times, more than one time, at least twice | 複数回, 二回以上, 2回以上, 何度も, 二度, 2度, 2回, 二回
next: next, following | 次の, 続いて
next straight after: | 次に, の次
straight before: right before, just before, directly before, immediately before, straight before | 直前, すぐ前
straight after: right after, just after, directly after, immediately after, straight after, next after, straight from | 直後, すぐ後
between: between, in between, in among | 間, あいだ
sameday: the same day as, same day as, the day of, the day she met, the day she saw, the day she visited, the day she was in, the day he met, the day they met | と同じ日, と同日, 行った日, 会った日, 会談した日, 訪れた日, 訪問した日
first clock: earliest clock time, earliest clock hour, earliest hour, earliest starting hour, earliest start time, earliest time of day
last clock: latest clock time, latest clock hour, latest hour, latest starting hour, latest start time, latest time of day
clock end: until what time, till what time, up to what time
until: until, til, till, up to, up until, by | まで
apart count day: how many days later, how many days after, days later | 何日後, 何日前
apart: apart, gap, break, pause, interval, time between | 空い
apart far: distance, far apart, how far apart, far away, how far away | 距離, 離れて
far: how far, far, distance in km, distance in kilometres, km, kms, kilometre, kilometer, miles, mile, as the crow flies | キロ, 何キロ, 何キロメートル, キロメートル, 何km, 直線距離
only: only, nothing but, nobody but, no one but, exclusively | のみ, しか
longest than: as long as
than: than, compared to, compared with, in comparison to, in comparison with
which or: who of the two, who of them, which of these two, which of those two, which one, which of the two, which of them, which one of them
else: else, other, others | 他, ほか
else except: | 以外, の外で, の外の
except none: but not, and not, without, lacking
elsewhere: for the first time, for the 1st time, first time ever, for the second time, previously, last year, next year, last time, later, afterwards, again, spring, summer, autumn, winter, in the past, years ago, earlier, at home | 初めて, 初対面, 初会談, 昨年, 去年, 来年, 前年, 過去, 春, 夏, 秋
end: end, ended, finish, close, closed, wrap up, wrapped up, finish up, conclude, be over, was over, over with | 終わ
be: was, were, was there a, was there any, were there, were there any, there were, is there, are there, been, be, is, are | いた, いる, います, いまし, 居
what do: | 何して, 何してた, 何してい, 何をし, 何をなさっ, 何をされ
say about: talk about, talked about, talking about, spoke about, speak about
say topic: shows up as a, shows up as, show up as, showed up as, crop up, cropped up, crops up, pop up, popped up, pops up, arose, arise, evoke, evoked, broach, broached, tackle, tackled, remark, remarked, bring in, brought forward, put forward, in play, spoke of, speak of, talked of, was talk of, on the menu, came up, dealt with, deal with, heard something on, heard something about, hear something about, heard anything about, come up, comes up, coming up, brought up, bring up, raised, raise, touched on, touch on, discuss, discussed, mention, mentioned, feature, featured, hear about, heard about | 話し合, 話題に, の話が出, 話が出, 話題が出, 話題に出, 話題になっ, 話題に上っ, 触れ, 取り上げ, 言及
say topic meet: | の話をし, の件で話し
about topic: | の件
say: say, said, says, tell, told, ask, asked, agree, agreed, sign, signed, promise, promised, reply, explain, thank, congratulate, announce, hear from | 言っ, 言わ, 話し, 話をし, 話が, 述べ, 合意, 内容, 伝え, 語っ, 発言, 約束, 署名
counterpart: him, them | その人
there: there | それ, そこ, そちら, 現地, 同地
that straight after: after that, then | その後, そのあと, それから
that straight before: before that | その前
then: that day, the same day, same day | その日, 同日, 同じ日
nextday: the next day, next day, the following day | 次の日
day before: the day before | 前日
day after: the day after | 翌日
part: on the night of, at night, before noon, before midday, mornings, afternoons, evenings, morning, afternoon, evening | 朝, 午前, 午後, 夕方, 夜, 晩
act: received it, received them, receive it, receive them, get on, got on, get off, got off, sit on, sits on, lay, laid, take, took, taken, give, gave, given, hand, hand over, show, hear, eat, open, deliver, inspect, result, outcome, sleep, walk, honour, wear | 捧げ, 手向け
and: and, but, what about, how about, also, plus | ・, と, や, では, じゃあ, それで
in: who live in, who lives in, based in, in, at, time in, inside, within
with: with, to, alongside | との
of: of, from
other: pay for, paid for, you, your, yours, from where, where from, why, how, even | なぜ, なんで, どうして, どう, 何年, 何歳, いくら, 何円, 何語
about: about, regarding, concerning, on the subject of | について, に関して, に関する, をめぐ
the: the, a, an, this
aux: is it true that, is it true, is it correct that, is it right that, is it correct, am i right that, was it true that, did, does, has, had, have, can, could, would, will
or more: or more
or fewer: or fewer, or less
`;

/** "After whom did she meet Silva?" is who came right before. */
const OTHER_WAY_ROUND =
  /^(after|before) whom? ((?:did|has|was) \S+ (?:meet|met|see|seen)(?: \S+)? \S+?)\?*$/i;

/** What is said in other words, or beside the question: expression => what is read instead; dashes are comments. */
const REWRITTEN: readonly (readonly [pattern: RegExp, by: string])[] = String.raw`
-- "Which of them weren't ministers"
(?<=\w )(did|do|does|was|were|is|are|has|have|had)n['’]t\b => $1 not
-- "Leaving Peru out", "Peru not counted", "the dinner included"
\bleav(?:e|ing) (\p{L}[^,.;]{1,30}?) out\b => except $1
(?:[,(]|(?<=\w) -) ?(\p{L}[^,.;()]{1,30}?) (?:not (?:counted|included)|excluded|(?:left )?aside|left out)\b\)? =>  except $1
(?:[,(]| -) ?\p{L}[^,.;()]{1,40}? (?:included|counted (?:too|as well))\b\)? =>
-- "As far as the lengths are known", "going by the titles", "if the time is recorded"
,? \b(?:as|so) far as [^,.?]+ (?:known|recorded|given)\b =>
,? \b(?:going|judging|to go) by [^,.?]+ =>
,? \b(?:if|where|when|whose) (?:(?:the|its|their|a) )?(?:exact )?(?:start(?:ing)? )?(?:times?|lengths?|hours?|dates?|durations?) (?:is|are|was|were) (?:known|recorded|given|listed)\b =>
,? ?\b(?:taking|looking|counting|going)(?: only)?(?: at| by)?(?: the)? (?:exact )?clock(?: times?)?(?: only)?,? =>
[?.!,;] [^?.!,;]{1,40} (?:counts?|included)(?: too)?\W*$ =>
,? counting each \w+ once\b =>
,? counting (?:\w+ as (?:the )?(?:number one|first)\b|(?:also )?(?:the|her|his) [^,.?]+) =>
,? (?:the )?(?:earliest|first|oldest) (?:one )?first\b =>
\bfrom morning (?:to|until|till?) (?:night|evening)\b =>
\bfellow (?=\w) =>
,? as the (?:plan|itinerary|programme|program|schedule|list) says =>
-- "I don't need the lunches"
[.?!,;:] (?:and |but )?(?:i |we )?(?:do not|don['’]?t) (?:need|want|count|include|care about|care for) (?:any |the |her )?(\p{L}[^,.;?!]{1,30}) =>  except $1
-- "My daughter asks", not "did a minister ask"; "for my boss", "need a number for the summary:"
(?<!\b(?:did|does|do|has|have|had) )\b(?:my|our|a) (?!stay|trip|day)\w+(?: \w+)? (?:asks?|asked|wants to know|wanted to know|wonders?|says?|said|thinks?|claims?|claimed|insists?|swears?|reckons?|believes?|bets?|argues?|is sure|told me|and i)(?: me)?(?: (?:about|whether|if|that))?\b[,:]? =>
^(?:i |we )?need (?:an? |the )?(?:\w+ )?(?:number|figure|list|names?|dates?|answer|fact)\b[^:?.]{0,30}: =>
^(?:is it |quick |so )?true or false\b[,:?]? =>
\b(?:the )?top (?=(?:\d+|two|three|four|five|ten)\b) =>
-- "The first stop on the itinerary"
(?<=\b(?:first|last|opening|closing|\d+(?:st|nd|rd|th)|which|followed|precede[sd])\b.*) on (?:the|her|his|their) (?:itinerary|route|schedule)\b =>  on the tour
-- "How many states": countries
(?<!\b(?:united|heads?|secretar\w+|ministers?|members?) (?:of )?(?:the )?)\bstates\b => countries
\b(which|what|each|every|first|last) state\b(?! (?:of|department|secretary|visit|dinner|banquet)\b) => $1 country
\b(?:(?:that|which) )?separat(?:e[sd]?|ing) ([^?,.;]{1,60}?) (?:from|and)\b => between $1 and
-- "Everyone but the women"
\b(every(?:one|body|thing)|all(?: \w+)?|any(?:one|body)) but (?=(?:the|her|his|those|\p{L}+s)\b) => $1 except 
-- "The minister in charge of energy"
\bwhich (minister|official|secretary) (?:is|was) (?:in charge of|responsible for)\b => who is the $1 of
(?<=\b(?:minist\w+|offic\w+|secretar\w+|members?|people|persons?|colleagues?|one) )(?:(?:that|who|which) )?(?:(?:is|was|are|were) )?(?:in charge of|responsible for|tak(?:es?|ing) care of|took care of|look(?:s|ed|ing)? after)\b => of
-- "Upon whom did she call?"
\b(?:up)?on (whom|who|how many|which|what) (.{0,60}?)(?<=\b)(did|has|had) (.{1,60}?) (?:call|pay (?:a )?(?:courtesy )?calls?)(?:ed)?\b => $1 $2$3 $4 meet
-- "The Lima call": a meeting, not what something is called
\b(the|her|his|their|that|this|each|every) ((?!c\w+sy|phone|video|telephone)\p{L}+ )?call(s)?\b(?! (?:it|for|on|upon)\b) => $1 $2meeting$3
\bmore (long|short|early|late)\b => $1er
\bearlyer\b => earlier
-- "Her first name": no rank
\b(first|given|last|family|middle|full) names?\b => name
\buni\b => university
,? (?:for|from) (?:my|our) (?!trip)\w+(?=\W*$) =>
-- "What's the name of the mayor?"
\bwhat(?:['’]?s| (?:is|was|were|are)) the name of(?= [^?.,]{0,40}?(?:minister|secretary|president|premier|chancellor|mayor|speaker|judge|prosecutor|rector|advis[eo]r|ambassador|person|man|lady|guy|official|counterpart|host|king|queen|leader|head)\b) => who is
-- "(Somebody big, I think)", "just asking for a friend"
(?<=[.?!]) (?:just )?asking for .*$ =>
\((?![^()]*(?:\?|\b(?:who|which|what|when|where|how|counting|including|excluding|except|without|only|too|also|all|both|before|after)\b))(?:[^()\s]+\s+){3,}[^()\s]+\) =>
(?<=\w) then(?=\W*$) =>
\b(more|less|longer|shorter|later|earlier|fewer) then\b => $1 than
\bhow much(?= (?:\w+s\b|women|men|people)) => how many
\b(?:one|1) and (?:a )?half(?: an)? hours?\b|\ban hour and a half\b => 90 minutes
\b(?:in )?the days (after|before)\b => $1
-- "From the end of the lunch to the start of the talks"
\bfrom the end of (.+?) (?:to|until|till)(?: the (?:start|begin\w+) of)?(?= \w) => between $1 and
\bfrom the (?:start|begin\w+) of (.+?) (?:to|until|till) the (?:start|begin\w+) of(?= \w) => start between $1 and
-- "From her departure until she got back": on the tour
\bfrom (?:the |her |his |their )?(?:departure|departing|leaving|take-?off)\b[^,?]*? (?:un)?till? (?:(?:she|he|they|the|her|his|their) )?(?:return\w*|got back|came back|gets back|was back|touch-?down|landing|coming home)\b[^,?]* => on the tour
-- "There was a day with three cities. Which?", "two ministers had 90 minutes. Which two?"
^(?:(?:is|was|were|are) there|there (?:was|were|is)) (?:an?|one|any) (.+?)[.?!;] (?:and )?which(?: \w+)?(?: (?:was|is|were) (?:it|that|they))?\W*$ => which $1
^((?:2|3|4|5|6|7|8|9|10|two|three|four|five|six|seven|eight|nine|ten|one) .+?)[.;!?:] (?:and )?which (?:one|ones|two|three|four|\d)\W*$ => which $1
-- "Anything but lunches", "the meeting that closed the day"
\banything but (?=\p{L}+) => everything except 
\b(?:that |which )?(?:ended|closed|concluded|finished|wrapped up|rounded off|capped) (?:the|her|his) (?:day|evening)\b => was last
\bsit(?:ting|s)?(?= (?:with|in)\b) => meet
-- "Shortest stay?", "the city of her longest stay": where she stayed longest
^(?:(?:what|which|where)(?:['’]?s| (?:is|was|were)) )?(?:the |her |his |their )?(longest|shortest) stay(?: (?:on|of) (?:the|her|his|their) (?:tour|trip))?\W*$ => where did they stay $1?
\b(place|city|stop|town|country) (?:with|of) (?:the |her |his |their )?(longest|shortest) stay\b => $1 where they stayed $2
\bdid (she|he|they) do anything\b => what did $1 do
\bsched\b => schedule
-- "Did she have anything in Lima?"
\bdid (she|he|they) have (?:anything|something)(?: on)?(?= (?:in|at|on)\b) => was $1
\b(?:a|one|1) week (?=(?:after|before|later|earlier)\b) => 7 days 
-- "Which ministers in Lima": without a verb
^which (?!.*\b(?:is|are|was|were|be|did|do|does|has|have|had|met|\p{L}+ed)\b)(?=\p{L}+(?: \p{L}+)? (?:in|on|before|after|between)\b) =>
-- "How long after the start of the lunch did the talks start?"
\bhow long after (?:the )?(?:start|beginning) of (.+?) did (.+?) (?:start|begin)\b => how long start between $1 and $2
\bhow long after (.+?) did (?:she|he|they) (?:see|meet|start with|begin with) (.+?)(?=\W*$) => how long between $1 and $2
(?<=ワーキング)・(?=ランチ|ディナー) =>
\bmtg(s?)\b => meeting$1
-- "How many talks with women": meetings
\b(how many|number of|which|count of|list of) talks with\b => $1 meetings with
\b(?:btwn|b/w)\b => between
-- 「AからBへ行く途中」「Aと会ってからBに会うまで」
(\S+?)から(\S+?)(?:へ|に|まで)(?:の|行く|向かう|移る|移動する)(?:途中|道中|間)(?=[ので、に]) => $1と$2の間
([^、。\s]+?)[とに]会ってから、?([^、。\s]+?)[とに]会うまで(?:の間)?(?=[のに、]) => $1と$2の間
(?<=[来くた]る|[るた])まえ => 前
まず(?=どの|どこ|誰|何) => 最初に
-- 「一番会談が多い」
(一番|最も|いちばん)([^、。一番最]{1,10}?が)(多|少な|長|短|早|遅|忙し|詰ま) => $2$1$3
(?<=日)の\d+日間 =>
\([^()]{1,8}(?:を)?(?:含む|含め|込み)\) =>
\b(country|city|stop|place|meeting) number (\d+)\b => $2th $1
\bnumber (\d+)(?= (?:among|of|on|in)\b) => $1th
`
  .trim()
  .split('\n')
  .filter((row) => !row.startsWith('--'))
  .map((row) => {
    const [pattern = '', by = ''] = row.split(/ =>(?: |$)/);
    return [new RegExp(pattern, 'giu'), by] as const;
  });

/** A question in words that the tables have: "my daughter asks who came after whom" asks who came before. */
export function inOtherWords(question: string): string {
  const normal = withFigures(question.normalize('NFKC').replace(/\s+/g, ' ').trim()).replace(
    OTHER_WAY_ROUND,
    (_, side: string, rest: string) =>
      `who ${rest.replace(/ (\S+)$/, ` right ${/^after/i.test(side) ? 'before' : 'after'} $1`)}`,
  );
  return REWRITTEN.reduce((now, [pattern, by]) => now.replace(pattern, by), normal);
}

/** Titles may have these words too. */
export const GENDERS = [
  ['female', 'women woman womens womans female lady ladies 女性 女 婦人'.split(' ')],
  ['male', 'men man male gentleman gentlemen 男性 男'.split(' ')],
] as const;

/** Offices by the titles of the people met; `*` is of a state only, unless a court or the like is named with it. */
const OFFICE_ROWS = `
Foreign ministers = foreign (?:affairs|minister|secretary)|external affairs|^secretary of state: foreign minister, foreign secretary, minister of foreign affairs, minister for foreign affairs, fm, fms, top diplomat, chief diplomat | 外相, 外務大臣
Secretaries of state = ^secretary of state: secretary of state, sec state, secstate, sec of state | 国務長官
Heads of government* = prime minister|premier|chancellor|head of government: prime minister, pm, pms, premier, head of government, chancellor, government leader | 首相, 総理, 総理大臣
Heads of state* = \\bpresident|\\bking\\b|\\bqueen\\b|\\bemperor|\\bempress|head of state: president, president of state, president of a state, head of state, state president | 大統領, 国家元首, 元首
Heads of state and government* = \\bpresident|\\bking\\b|\\bqueen\\b|\\bemperor|prime minister|premier|chancellor|head of (?:state|government): leader, national leader, state leader, top leader | 首脳, 指導者
Monarchs* = \\bking\\b|\\bqueen\\b|monarch|\\bprince: king, queen, monarch, royal, royalty, crowned head, prince, princess | 国王, 女王, 王
Popes = \\bpope\\b: pope, holy father | 教皇, 法王
Ministers = minister|^secretary of: minister, cabinet minister, cabinet member, cabinet secretary, member of cabinet, member of the cabinet, government minister | 大臣, 閣僚
Lawmakers = representative|senator|member of (?:the )?(?:parliament|congress|house)|speaker|lawmaker: lawmaker, parliamentarian, member of parliament, mp, mps, legislator | 議員, 国会議員
Members of Congress = representative|senator|congress(?:wo)?man|member of (?:the )?(?:congress|house): member of congress, congressman, congresswoman, congresswomen, congressmen, congress member | 連邦議員, 下院議員, 上院議員
Judges = judge|president of a court: judge | 裁判官, 判事
Prosecutors = prosecutor: prosecutor | 検察官, 検事
Mayors = mayor: mayor | 市長
Ambassadors = ambassador: ambassador | 大使
Advisers = advis[eo]r: adviser, advisor | 補佐官, 顧問
Speakers = speaker: speaker | 議長
Rectors = \\brector|chancellor: rector, vice chancellor, university head, head of a university, head of the university, university president | 学長, 総長
Chairs = chair|head|president: chair, chairman, chairwoman, chairperson, head, chief | トップ, 会長, 所長, 代表
Directors = director: director |
Secretaries general = secretary[- ]general: secretary general | 事務総長
Secretaries = secretary: secretary, government secretary, government secretaries | 長官
Representatives = representative: representative |
Governors = governor: governor | 知事
Officials = minister|president|premier|chancellor|secretary|advis[eo]r|mayor|governor|representative|senator|speaker|lawmaker|ambassador|prosecutor|judge|commissioner: statesman, statesmen, stateswoman, stateswomen, public official, foreign official, foreign politician, foreign dignitary, official, government official, government people, government member, member of government, member of the government, politician, dignitary | 政府高官, 高官, 政府関係者, 政府の人, 政府の要人, 政府, 政治家
`;

/** Kinds of event by the titles of the meetings. */
const KIND_ROWS = `
Press conferences = press (?:conference|announcement|briefing|appearance)|news conference: press conference, presser, news conference, press briefing, media briefing, press announcement, press appearance, press event, talk to the press, speak to the press, spoke to the press, meet the press, met the press, face the press, faced the press, address the press, talk to reporters, speak to reporters, spoke to reporters, stand in front of the press, stood in front of the press, in front of the press, in front of reporters, before the press, before the cameras, face reporters, faced reporters, speak to journalists, spoke to journalists, face journalists, faced journalists | 記者会見, 会見, 記者発表
Joint press conferences = joint (?:press|news|media): joint press conference, joint press, joint appearance in front of the press, joint appearance before the press, joint statement to the press, joint presser, joint news conference, joint press announcement, joint press briefing, joint press appearance, joint press event | 共同記者会見, 共同会見, 共同記者発表
Lunches = lunch: lunch, working lunch, luncheon, eat lunch, ate lunch | 昼食会, 昼食を食べ, ランチを食べ, お昼, お昼を食べながら, 昼食, ランチ, ワーキングランチ
Dinners = dinner|banquet: dinner, eat dinner, ate dinner, dine, dined, working dinner, banquet, supper | 夕食会, 夕食を食べ, 夕食, 晩餐会, ディナー
Breakfasts = breakfast: breakfast | 朝食会, 朝食
Meals = lunch|dinner|breakfast|banquet: meal, working meal | 食事, 食事会, ご飯, ごはん, ご飯食べながら, ご飯を食べながら
Wreaths laid = wreath: wreath, wreath laying, wreath ceremony, lay a wreath, laid a wreath, lay down a wreath, laid down a wreath, laid wreaths, lay wreaths | 献花, 花輪
Courtesy calls = courtesy call: courtesy call, pay a courtesy call, paid a courtesy call | 表敬訪問, 表敬
Exchanges of views = exchanges? of views: exchange of views | 意見交換, 意見交換会
Speeches = speech|lecture|keynote: speech, lecture, keynote | 講演, 演説, スピーチ
Receptions = reception: reception | レセプション
Signings = signing: signing, signing ceremony | 署名式
Handovers = hand(?:ing )?over: handover, handover ceremony | 引き渡し, 引渡式, 引き渡し式
Train journeys = train: train, train ride, train journey, night train | 列車, 電車, 夜行列車
`;

/** What ministers and others are of, as English titles have it: title word | Japanese. */
const SUBJECT_ROWS = `
agriculture | 農業, 農水, 農林水産
commerce | 商務
culture | 文化
defence, defense | 国防, 防衛
digital | デジタル
economy, economic | 経済
education | 教育
energy | エネルギー
environment | 環境
finance | 財務, 金融
health | 保健, 厚生
interior | 内務
justice | 司法, 法務
labour, labor | 労働
science | 科学
security | 安全保障
sport, sports | スポーツ
tourism | 観光
trade | 貿易, 通商
transport | 運輸, 交通
`;

export interface Entry<T> {
  readonly value: T;
  readonly phrases: readonly string[];
}

/** An office that people hold, or a kind of event. */
export interface Sort {
  readonly pattern: RegExp;
  /** Plural, for the titles of lists. */
  readonly label: { readonly en: string; readonly ja: string };
  readonly ofState: boolean;
}

function entries(rows: string): Entry<string>[] {
  return rows
    .trim()
    .split('\n')
    .map((row) => {
      const [, value = '', phrases = ''] = /^(.*?): ?([^:]*)$/.exec(row) ?? [];
      return {
        value,
        phrases: phrases
          .split(/[,|]/)
          .map((phrase) => phrase.trim())
          .filter(Boolean),
      };
    });
}

function sorts(rows: string): Entry<Sort>[] {
  return entries(rows).map(({ value, phrases }) => {
    const [label = '', pattern = ''] = value.split(' = ');
    const en = label.replace('*', '');
    const ja = phrases.find((phrase) => /[^\x20-\x7f]/.test(phrase)) ?? en;
    const ofState = label.endsWith('*');
    return { phrases, value: { pattern: new RegExp(pattern, 'i'), label: { en, ja }, ofState } };
  });
}

const isClass = (name: string): name is WordClass => CLASSES.split(' ').includes(name);

export const WORD_ENTRIES = entries(WORDS).map(({ value, phrases }) => ({
  value: value.split(' ').filter(isClass),
  phrases,
}));
/** English words of titles, each with its Japanese ones. */
export const SUBJECTS: ReadonlyMap<string, readonly string[]> = new Map(
  SUBJECT_ROWS.trim()
    .split('\n')
    .flatMap((row) => {
      const [english = '', japanese = ''] = row.split(' | ');
      return english.split(', ').map((word) => [word, japanese.split(', ')] as const);
    }),
);
export const OFFICES = sorts(OFFICE_ROWS);
export const KINDS = sorts(KIND_ROWS);

/** What a phrase of a question stands for. */
export type Tag =
  | { readonly is: 'word'; readonly classes: readonly WordClass[] }
  | { readonly is: 'office'; readonly sort: Sort }
  | { readonly is: 'kind'; readonly sort: Sort }
  | { readonly is: 'gender'; readonly gender: 'female' | 'male' }
  /** `given`: only a part of the name that others may have too. */
  | { readonly is: 'person'; readonly name: string; readonly given: boolean }
  | { readonly is: 'place'; readonly place: Place }
  /** An organisation or a venue. */
  | { readonly is: 'organisation'; readonly name: string }
  /** Several words that the itinerary has as one topic. */
  | { readonly is: 'topic' }
  /** A word of titles, venues and offices. */
  | { readonly is: 'subject'; readonly stem: string };

export interface Place {
  /** As the itinerary has it, else as the question has it. */
  readonly name: string;
  readonly kind: 'city' | 'country' | 'region';
  /** Countries that it lies in or consists of, `=` and two-letter codes. */
  readonly countries: ReadonlySet<string>;
  /** The itinerary's city. */
  readonly city: string | null;
}
