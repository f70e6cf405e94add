/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How likely bytes are a text in an encoding that cannot be told by its form.
 *
 * Nearly any bytes can be read as GB18030, Big5, Shift_JIS, EUC-KR or EUC-JP, so
 * that they can proves nothing.  Each candidate reads them, and each character of
 * the outcome has a cost: minus the logarithm of about how likely it is in texts
 * of that language.  Some hundred characters make up most of any Chinese text; the
 * makers of each standard put the ones in use into its first rows and the rare ones
 * behind; letters with accents stand between plain ones.  Since each candidate has
 * to explain the same bytes, the sums can be compared, and their difference says
 * how sure the guess is. */

#include "config.h"

#include "wen-encoding-private.h"

#include <string.h>

/* Costs in nats of one character. */
#define COST_ASCII 4.0
#define COST_SIGN 6.0      /* punctuation and wide forms of East Asia */
#define COST_COMMON 6.8
#define COST_FIRST_ROWS 10.0
#define COST_RARE 14.0
#define COST_HIRAGANA 5.0  /* in Japanese */
#define COST_KATAKANA 6.0  /* in Japanese */
#define COST_HALF_KATAKANA 11.0
#define COST_FOREIGN_KANA 12.0
#define COST_BETWEEN_SCRIPTS 3.0 /* a letter of ASCII beside a character of East Asia */
#define COST_ACCENTED 6.0        /* a letter beside plain ones */
#define COST_ACCENTED_RUN 9.5    /* ... beside others like it */
#define COST_WESTERN_SIGN 7.5
#define COST_WESTERN_OTHER 11.0
#define COST_CONTROL 16.0
#define COST_BAD 24.0

/* Lines with other bytes than ASCII are enough up to here. */
#define MOST_BYTES (64 * 1024)

#define FIRST_TRAIL_GB 0xA1
#define LAST_TRAIL 0xFE

typedef enum
{
  CHINESE,
  JAPANESE,
  KOREAN,
  WESTERN,
} Language;

/* Where a standard has the characters that are in use, by the first of two bytes. */
typedef struct
{
  const char *encoding;
  Language    language;
  guint8      first_lead;
  guint8      last_lead;
  guint8      first_trail;
} Model;

static const Model models[] = {
  { "GB18030", CHINESE, 0xB0, 0xD7, FIRST_TRAIL_GB }, { "Big5", CHINESE, 0xA4, 0xC6, 0x40 },
  { "Shift_JIS", JAPANESE, 0x88, 0x97, 0x40 },        { "EUC-KR", KOREAN, 0xB0, 0xC8, FIRST_TRAIL_GB },
  { "EUC-JP", JAPANESE, 0xB0, 0xCF, FIRST_TRAIL_GB }, { "windows-1252", WESTERN, 1, 0, 0 },
};
G_STATIC_ASSERT (G_N_ELEMENTS (models) == WEN_N_SCORED_ENCODINGS);

/* Characters that are in everybody's Chinese texts; the traditional forms too,
 * which GBK has as well. */
static const char common_chinese[] =
  "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定"
  "行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其"
  "些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建"
  "月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接"
  "知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器"
  "压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议"
  "声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装吗吧啊呢呀哦哈嗯太"
  "差吃味菜饭店钱买卖贵便宜快慢送喜欢爱非服态评价客房住酒酷网络视频笑死男女孩妈爸校股市球赛游戏票楼盘星帮谢请您怎错"
  "难找让感觉满净這個們來時說國對會學後過動還樣發現經點無當開從長問關體電種產進實機與業應變條沒結氣讓給嗎麼為將頭車"
  "門東見書話錢買賣试环境配汤肉辣甜咸腻推荐值格惠排待包餐厅饮咖啡茶早晚午凉冷旧影音乐书籍软屏幕池递户衣颜尺码鞋裤台"
  "卫床调隔置停景司护士医院药病疼考师班毕租谁哪刚终居竟虽却仍挺够怕累困饿渴坏烂臭脏乱丑漂亮帅哭怒烦忙闲懒勤迟久远近"
  "左右深浅厚薄宽窄胖瘦弱聪笨呆傻疯狂於著兩義間線內數質軍並題黨員總設資邊級圖統較組計別論運農幾區強決乾戰則據處隊規"
  "熱領導壓爭濟階術極聯認權證採轉單風帶場務萬達積議聲報鬥類離華確張馬節況溫傳許廣記觀織裝飯貴歡愛態評價網絡視頻媽賽"
  "戲樓盤幫謝請錯難覺滿淨裡麵遠遲雖隻雙師爺準備臺灣幹亂歲誰誤舊隨顧獨寫畫護檢絕繼續響傷優勢僅創勝歷雜陽陰靈頁順預顯"
  "飛養騙驗鮮麗齊";

/* Kanji that are in everybody's Japanese texts. */
static const char common_japanese[] =
  "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男"
  "西電校語土木聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不"
  "作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始朝運終台広住無真有口少町料工建空急止"
  "送切転研足究楽起着店病質待試族銀早映親験英医去味写字答夜音注帰古歌買悪室歩風紙黒花春赤館屋色走秋夏旅服夕借飲肉貸"
  "鳥飯勉冬昼茶弟牛魚兄犬妹性化当全部定法対表現関係回経政治成最実内相面第制様記投稿情報利格加取引株価式更美容産点数"
  "組変的番号検索比設確認必要線信予約割合件連絡続付然感在向調結局際初期進機能次活";

/* Syllables that are in everybody's Korean texts. */
static const char common_korean[] =
  "이다는의에하고을가지를은한어도기로서사아나있해리자니들것그대만라시일부인스으전제정보게수여우장안면신유구습오주상"
  "동원마소공당성세식과연생음말조미방거모비치계진관무후요네데했었던야중때문내까위각국회분실용개건경재화현법더또못좋"
  "맛집싶같람히려며든할않없되된될러르트드크프님합입됩립저희누운움선물간단편통적설양명심반포받감년월날번영업체력레블"
  "글댓추천최강남북민족학교육발표결론속약산불행억노래배달빠느너늦켜품질격종직접특별점친절꼭";

/* Costs of the characters that have one of their own, and 0 for the others. */
typedef float Costs[0x10000];

static void
set_costs (Costs       costs,
           const char *text,
           float       cost)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x10000 && c != 0xFFFD)
        costs[c] = cost;
    }
}

static void
prepare_costs (Costs        costs,
               const Model *model)
{
  g_autoptr (GByteArray) pairs = g_byte_array_new ();
  g_autoptr (WenDecoder) decoder = wen_decoder_new (model->encoding);
  g_autoptr (GString) text = g_string_new (NULL);

  memset (costs, 0, sizeof (Costs));
  for (guint lead = model->first_lead; lead <= model->last_lead; lead++)
    for (guint trail = model->first_trail; trail <= LAST_TRAIL; trail++)
      if (trail < 0x7F || trail > 0xA0 || (model->language == JAPANESE && trail > 0x7F))
        {
          const guint8 pair[2] = { (guint8) lead, (guint8) trail };

          g_byte_array_append (pairs, pair, 2);
        }
  wen_decoder_decode (decoder, pairs->data, pairs->len, TRUE, text);
  set_costs (costs, text->str, (float) COST_FIRST_ROWS);

  switch (model->language)
    {
    case CHINESE:
      set_costs (costs, common_chinese, (float) COST_COMMON);
      break;
    case JAPANESE:
      set_costs (costs, common_japanese, (float) COST_COMMON);
      break;
    case KOREAN:
      set_costs (costs, common_korean, (float) COST_COMMON);
      break;
    case WESTERN:
    default:
      break;
    }
}

static double
cost_ascii (gunichar c)
{
  return c >= ' ' || c == '\t' || c == '\n' || c == '\r' ? COST_ASCII : COST_CONTROL;
}

static gboolean
is_bad (gunichar c)
{
  return c == 0xFFFD || (c >= 0x80 && c < 0xA0) || g_unichar_type (c) == G_UNICODE_PRIVATE_USE
         || !g_unichar_isdefined (c);
}

static gboolean
is_east_asian_sign (gunichar c)
{
  return (c >= 0x3000 && c <= 0x301F) || (c >= 0xFF01 && c <= 0xFF5E) || c == 0x30FC || c == 0x30FB
         || (c >= 0x2010 && c <= 0x2026) || c == 0xB7 || c == 0xD7;
}

static double
cost_east_asian (const Model *model,
                 const Costs  costs,
                 gunichar     c)
{
  if (is_bad (c))
    return COST_BAD;
  if (is_east_asian_sign (c))
    return COST_SIGN;
  if (c >= 0x3041 && c <= 0x3096)
    return model->language == JAPANESE ? COST_HIRAGANA : COST_FOREIGN_KANA;
  if (c >= 0x30A1 && c <= 0x30FA)
    return model->language == JAPANESE ? COST_KATAKANA : COST_FOREIGN_KANA;
  if (c >= 0xFF61 && c <= 0xFF9F)
    return COST_HALF_KATAKANA;
  return c < 0x10000 && costs[c] > 0 ? (double) costs[c] : COST_RARE;
}

/* before, after: the characters around it, or 0. */
static double
cost_western (gunichar before,
              gunichar c,
              gunichar after)
{
  if (is_bad (c))
    return COST_BAD;
  if (g_unichar_isalpha (c))
    {
      if (before >= 0x80 || after >= 0x80)
        return COST_ACCENTED_RUN;
      return g_unichar_isalpha (before) || g_unichar_isalpha (after) ? COST_ACCENTED : COST_ACCENTED_RUN;
    }
  if (before < 0x80 && after < 0x80
      && ((c >= 0x2013 && c <= 0x2026) || c == 0x20AC || c == 0xA3 || c == 0xA0 || c == 0xAB || c == 0xBB || c == 0xB0
          || c == 0xA9 || c == 0xAE || c == 0x2122 || c == 0xBF || c == 0xA1 || c == 0xA7 || c == 0xB4))
    return COST_WESTERN_SIGN;
  return COST_WESTERN_OTHER;
}

/* The cost of a text; n_foreign and foreign_cost are of what is not ASCII. */
static double
cost_text (const Model *model,
           const char  *text,
           gsize       *n_foreign,
           double      *foreign_cost)
{
  g_autofree Costs *costs = g_new (Costs, 1);
  gunichar before = 0;
  double sum = 0;

  prepare_costs (*costs, model);
  *n_foreign = 0;
  *foreign_cost = 0;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      double cost;

      if (c < 0x80)
        {
          cost = cost_ascii (c);
        }
      else
        {
          gunichar after = g_utf8_get_char (g_utf8_next_char (p));

          if (model->language == WESTERN)
            cost = cost_western (before, c, after);
          else
            cost = cost_east_asian (model, *costs, c)
                   + (g_ascii_isalpha ((int) MIN (before, 0x7F)) ? COST_BETWEEN_SCRIPTS : 0)
                   + (after < 0x80 && g_ascii_isalpha ((int) after) ? COST_BETWEEN_SCRIPTS : 0);
          (*n_foreign)++;
          *foreign_cost += cost;
        }
      sum += cost;
      before = c;
    }
  return sum;
}

/* The lines that have other bytes than ASCII in them.  In all of the encodings, a
 * line feed is never part of another character. */
static GByteArray *
take_foreign_lines (const guint8 *bytes,
                    gsize         n_bytes)
{
  GByteArray *lines = g_byte_array_new ();
  const guint8 *end = bytes + n_bytes;

  while (bytes < end && lines->len < MOST_BYTES)
    {
      const guint8 *line_end = memchr (bytes, '\n', (gsize) (end - bytes));
      gsize length_bytes = line_end != NULL ? (gsize) (line_end + 1 - bytes) : (gsize) (end - bytes);
      gboolean is_foreign = FALSE;

      for (gsize i = 0; i < length_bytes && !is_foreign; i++)
        is_foreign = bytes[i] >= 0x80;
      if (is_foreign)
        g_byte_array_append (lines, bytes, (guint) MIN (length_bytes, MOST_BYTES));
      bytes += length_bytes;
    }
  return lines;
}

static int
compare_scores (gconstpointer a,
                gconstpointer b)
{
  const WenEncodingScore *left = a;
  const WenEncodingScore *right = b;

  return (left->cost > right->cost) - (left->cost < right->cost);
}

/* Rates all candidates, the likeliest first. */
void
wen_encoding_score (const guint8     *bytes,
                    gsize             n_bytes,
                    gboolean          whole_file,
                    WenEncodingScore  scores[WEN_N_SCORED_ENCODINGS])
{
  g_autoptr (GByteArray) lines = take_foreign_lines (bytes, n_bytes);

  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_autoptr (WenDecoder) decoder = wen_decoder_new (models[i].encoding);
      g_autoptr (GString) text = g_string_new (NULL);
      double foreign_cost;
      gsize n_foreign;

      wen_decoder_decode (decoder, lines->data, lines->len, whole_file && lines->len < MOST_BYTES, text);
      scores[i].encoding = models[i].encoding;
      scores[i].cost = cost_text (&models[i], text->str, &n_foreign, &foreign_cost);
      scores[i].mean_cost = n_foreign > 0 ? foreign_cost / (double) n_foreign : 0;
      scores[i].n_foreign = n_foreign;
    }
  qsort (scores, G_N_ELEMENTS (models), sizeof *scores, compare_scores);
}
