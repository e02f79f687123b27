package millrace.nexmark;

import static millrace.digest.Mix.GOLDEN;
import static millrace.nexmark.Draws.below;
import static millrace.nexmark.Draws.belowByHigh;
import static millrace.nexmark.Draws.belowByLow;
import static millrace.digest.Mix.mix;
import static millrace.nexmark.Draws.wordOfStream;

import java.nio.charset.StandardCharsets;
import millrace.nexmark.Events.Auction;
import millrace.nexmark.Events.Bid;
import millrace.nexmark.Events.Event;
import millrace.nexmark.Events.Person;

/** The same events as bench/nexmark/generator makes, with its default options. */
final class Generator {
  private static final int SEED = 1;
  private static final int DELAY_US = 100;
  private static final long BASE_TIME_MS = 1_436_918_400_000L;
  private static final int ROUND = 50;
  private static final int AUCTIONS = 3;
  private static final int ACTIVE_PERSONS = 1_000;
  private static final int IN_FLIGHT_AUCTIONS = 100;
  private static final int EVENTS_IN_FLIGHT = IN_FLIGHT_AUCTIONS * ROUND / AUCTIONS;
  private static final int IDS_AHEAD = 10;
  private static final int FIRST_ID = 1_000;
  private static final int POOL = 1 << 20;
  private static final int NUMBERED = 10_000;

  private static final String[] FIRST_NAMES =
      "Peter Paul Luke John Saul Vicky Kate Julie Sarah Deiter Walter".split(" ");
  private static final String[] LAST_NAMES =
      "Shultz Abrams Spencer White Bartels Walton Smith Jones Noris".split(" ");
  private static final String[] CITIES =
      "Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne"
          .split(",");
  private static final String[] STATES = "AZ CA ID OR WA WY".split(" ");
  private static final String[] HOT_CHANNELS = {"Google", "Facebook", "Baidu", "Apple"};

  private final int low = mix(SEED + GOLDEN);
  private final int high = mix(SEED + 2 * GOLDEN);
  private final int[] ofDraw = new int[21];
  private final double[] stepPrices = new double[4_097];
  private final String letters;
  private final String[] channelNames = new String[NUMBERED + HOT_CHANNELS.length];
  private final String[] channelUrls = new String[NUMBERED + HOT_CHANNELS.length];
  private final byte[] scratch = new byte[128];

  Generator() {
    for (int draw = 0; draw < ofDraw.length; draw++) ofDraw[draw] = mix(SEED + (3 + draw) * GOLDEN);
    for (int step = 0; step < stepPrices.length; step++) {
      stepPrices[step] = 100 * Math.pow(10, 6.0 * step / 4_096);
    }
    byte[] pool = new byte[POOL];
    for (int place = 0; place < POOL; place++) {
      pool[place] = (byte) ('a' + below(word(state(place), 20), 26));
    }
    letters = new String(pool, StandardCharsets.ISO_8859_1);
  }

  /** The event of a number; the first is 1. */
  Event event(long n) {
    long id = n + 1;
    long round = id / ROUND;
    int place = (int) (id - round * ROUND);
    if (place == 0) return person(n, round);
    return place <= AUCTIONS ? auction(n, round, place) : bid(n, round, place);
  }

  static long timeOf(long n) {
    return BASE_TIME_MS + n * DELAY_US / 1_000;
  }

  private Bid bid(long n, long round, int place) {
    int state = state(n + 1);
    int hot = word(state, 0);
    long lastAuction = lastAuction(round, place);
    Bid bid = new Bid();
    bid.auction =
        FIRST_ID
            + (belowByHigh(hot, 2) > 0
                ? hotOf(lastAuction)
                : randomAuction(lastAuction, word(state, 1)));
    bid.bidder =
        FIRST_ID
            + (belowByLow(hot, 4) > 0 ? hotOf(round) + 1 : randomPerson(round, word(state, 2)));
    bid.price = price(word(state, 3));
    int choice = below(word(state, 4), 2 * NUMBERED);
    int channel = choice < NUMBERED ? choice : NUMBERED + choice % HOT_CHANNELS.length;
    if (channelNames[channel] == null) makeChannel(channel);
    bid.channel = channelNames[channel];
    bid.url = channelUrls[channel];
    bid.dateTime = timeOf(n);
    bid.extra = extra(word(state, 5), 100 - 32);
    return bid;
  }

  private Auction auction(long n, long round, int place) {
    int state = state(n + 1);
    int hot = word(state, 0);
    Auction auction = new Auction();
    auction.id = FIRST_ID + lastAuction(round, place);
    auction.seller =
        FIRST_ID
            + (belowByHigh(hot, 4) > 0 ? hotOf(round) : randomPerson(round, word(state, 1)));
    auction.itemName = text(word(state, 6), 20, ' ');
    auction.description = text(word(state, 7), 100, ' ');
    auction.initialBid = price(word(state, 2));
    auction.reserve = auction.initialBid + price(word(state, 3));
    auction.dateTime = timeOf(n);
    long horizon = timeOf(n + EVENTS_IN_FLIGHT) - auction.dateTime;
    auction.expires = auction.dateTime + 1 + below(word(state, 4), Math.max(2 * horizon, 1));
    auction.category = 10 + belowByLow(hot, 5);
    int bytes = 48 + auction.itemName.length() + auction.description.length();
    auction.extra = extra(word(state, 5), 500 - bytes);
    return auction;
  }

  private Person person(long n, long round) {
    int state = state(n + 1);
    int names = word(state, 0);
    int home = word(state, 1);
    Person person = new Person();
    person.id = FIRST_ID + round;
    person.name =
        FIRST_NAMES[belowByHigh(names, FIRST_NAMES.length)]
            + ' '
            + LAST_NAMES[belowByLow(names, LAST_NAMES.length)];
    person.emailAddress = text(word(state, 3), 7, ' ') + '@' + text(word(state, 4), 5, ' ') + ".com";
    person.creditCard = card(word(state, 2));
    person.city = CITIES[belowByHigh(home, CITIES.length)];
    person.state = STATES[belowByLow(home, STATES.length)];
    person.dateTime = timeOf(n);
    int texts = person.name.length() + person.emailAddress.length() + person.creditCard.length();
    int bytes = 8 + texts + person.city.length() + person.state.length();
    person.extra = extra(word(state, 5), 200 - bytes);
    return person;
  }

  private int state(long id) {
    return mix(mix((int) id ^ low) ^ (high + (int) (id >>> 32)));
  }

  private int word(int state, int draw) {
    return mix(state ^ ofDraw[draw]);
  }

  /** With one person per round the last person is the round; the first auction comes after it. */
  private static long lastAuction(long round, int place) {
    return round * AUCTIONS + Math.min(place - 1, AUCTIONS - 1);
  }

  private static long hotOf(long last) {
    return last / 100 * 100;
  }

  private static long randomPerson(long last, int word) {
    long count = last + 1;
    long active = Math.min(count, ACTIVE_PERSONS);
    return count - active + below(word, active + IDS_AHEAD);
  }

  private static long randomAuction(long last, int word) {
    long first = Math.max(last - IN_FLIGHT_AUCTIONS, 0);
    return first + below(word, last + IDS_AHEAD - first + 1);
  }

  private long price(int word) {
    int step = word >>> 20;
    double from = stepPrices[step];
    double to = stepPrices[step + 1];
    return Math.round(from + (to - from) * ((word & 0xfffff) / 1_048_576.0));
  }

  private String extra(int word, int average) {
    if (average <= 0) return "";
    int spread = (int) Math.round(0.2 * average);
    int length = average - spread + belowByHigh(word, 2 * spread);
    int start = (int) (((long) (word & 0xffff) * (POOL - average - spread)) >>> 16);
    return letters.substring(start, start + length);
  }

  private String text(int word, int lengthMax, char special) {
    int length = 3 + below(wordOfStream(word, 0), lengthMax - 3);
    for (int index = 0; index < length; index++) {
      int value = below(wordOfStream(word, index + 1), 338);
      scratch[index] = (byte) (value < 26 ? special : 'a' + value % 26);
    }
    return new String(scratch, 0, length, StandardCharsets.ISO_8859_1).trim();
  }

  private static String card(int word) {
    StringBuilder card = new StringBuilder(19);
    for (int group = 0; group < 4; group++) {
      if (group > 0) card.append(' ');
      String digits = Integer.toString(below(wordOfStream(word, group), 10_000));
      card.append("0000", 0, 4 - digits.length()).append(digits);
    }
    return card.toString();
  }

  private void makeChannel(int channel) {
    boolean isHot = channel >= NUMBERED;
    int state = state(channel);
    StringBuilder url = new StringBuilder("https://www.nexmark.com");
    for (int draw = 16; draw <= 18; draw++) url.append('/').append(text(word(state, draw), 5, '_'));
    url.append("/item.htm?query=1");
    if (!isHot && below(word(state, 19), 10) > 0) {
      url.append("&channel_id=").append(Math.abs((long) Integer.reverse(channel)));
    }
    channelNames[channel] = isHot ? HOT_CHANNELS[channel - NUMBERED] : "channel-" + channel;
    channelUrls[channel] = url.toString();
  }
}
