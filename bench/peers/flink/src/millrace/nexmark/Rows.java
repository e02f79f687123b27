package millrace.nexmark;

import java.time.LocalDate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import millrace.digest.RowHash;
import millrace.nexmark.Events.Auction;
import millrace.nexmark.Events.Bid;
import millrace.nexmark.Events.Person;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.util.Collector;

/** The rows of the results and their hashes; fields as in bench/nexmark/queries. */
final class Rows {
  static final long DAY_MS = 86_400_000;
  private static final long MINUTE_MS = 60_000;
  private static final String[] MINUTE_TEXTS = new String[1_440];

  static {
    for (int minute = 0; minute < MINUTE_TEXTS.length; minute++) {
      MINUTE_TEXTS[minute] = String.format("%02d:%02d", minute / 60, minute % 60);
    }
  }

  private Rows() {}

  public static final class BidRow {
    public long auction;
    public long bidder;
    public long price;
    public long dateTime;
    public String extra;
  }

  public static final class LogRow {
    public long auction;
    public long bidder;
    public long price;
    public long dateTime;
    public String extra;
    public String day;
    public String minute;
  }

  public static final class EuroRow {
    public long auction;
    public long bidder;
    public double price;
    public long dateTime;
    public String extra;
  }

  public static final class Pair {
    public long left;
    public long right;

    public Pair() {}

    Pair(long left, long right) {
      this.left = left;
      this.right = right;
    }
  }

  public static final class Local {
    public String name;
    public String city;
    public String state;
    public long id;
  }

  public static final class Count {
    public long key;
    public long num;
    public long startTime;
    public long endTime;
  }

  public static final class Newcomer {
    public long id;
    public String name;
    public long startTime;

    public Newcomer() {}

    Newcomer(long id, String name, long startTime) {
      this.id = id;
      this.name = name;
      this.startTime = startTime;
    }
  }

  public static final class BidOfAuction {
    public Auction auction;
    public Bid bid;

    public BidOfAuction() {}

    BidOfAuction(Auction auction, Bid bid) {
      this.auction = auction;
      this.bid = bid;
    }
  }

  public static final class BidOfPerson {
    public Bid bid;
    public Person person;
    public Auction auction;

    public BidOfPerson() {}

    BidOfPerson(Bid bid, Person person, Auction auction) {
      this.bid = bid;
      this.person = person;
      this.auction = auction;
    }
  }

  public static final class WithValue {
    public long auction;
    public long bidder;
    public long price;
    public long dateTime;
    public String value;
  }

  public static final class Directories {
    public long auction;
    public long bidder;
    public long price;
    public String channel;
    public String dir1;
    public String dir2;
    public String dir3;
  }

  public static final class Calculated {
    public BidRow bid;
    public double price;
    public String bidTimeType;
    public long cCounts;
  }

  public static final class WithChannelId {
    public long auction;
    public long bidder;
    public long price;
    public String channel;
    public String channelId;
  }

  static final class AddChannelId implements FlatMapFunction<Bid, WithChannelId> {
    private static final Pattern CHANNEL_ID = Pattern.compile("(?:&|^)channel_id=([^&]*)");

    @Override
    public void flatMap(Bid bid, Collector<WithChannelId> out) {
      String channelId =
          switch (bid.channel.toLowerCase(Locale.ROOT)) {
            case "apple" -> "0";
            case "google" -> "1";
            case "facebook" -> "2";
            case "baidu" -> "3";
            default -> ofUrl(bid.url);
          };
      if (channelId == null) return;
      WithChannelId row = new WithChannelId();
      row.auction = bid.auction;
      row.bidder = bid.bidder;
      row.price = bid.price;
      row.channel = bid.channel;
      row.channelId = channelId;
      out.collect(row);
    }

    private static String ofUrl(String url) {
      Matcher matcher = CHANNEL_ID.matcher(url);
      return matcher.find() ? matcher.group(1) : null;
    }
  }

  static String dayText(long timeMs) {
    return LocalDate.ofEpochDay(timeMs / DAY_MS).toString();
  }

  static String minuteText(long timeMs) {
    return MINUTE_TEXTS[(int) (timeMs % DAY_MS / MINUTE_MS)];
  }

  static Calculated calculated(Bid bid) {
    Calculated row = new Calculated();
    row.bid = of(bid);
    row.price = bid.price * 908 / 1_000.0;
    long hour = bid.dateTime / 3_600_000 % 24;
    if (hour >= 8 && hour <= 18) row.bidTimeType = "dayTime";
    else row.bidTimeType = hour <= 6 || hour >= 20 ? "nightTime" : "otherTime";
    for (int at = bid.extra.indexOf('c'); at >= 0; at = bid.extra.indexOf('c', at + 1)) {
      row.cCounts++;
    }
    return row;
  }

  static boolean isOfStates(String state) {
    return state.equals("OR") || state.equals("ID") || state.equals("CA");
  }

  static BidRow of(Bid bid) {
    BidRow row = new BidRow();
    row.auction = bid.auction;
    row.bidder = bid.bidder;
    row.price = bid.price;
    row.dateTime = bid.dateTime;
    row.extra = bid.extra;
    return row;
  }

  /** A bid without its texts. */
  static Bid offer(Bid bid) {
    Bid offer = new Bid();
    offer.auction = bid.auction;
    offer.bidder = bid.bidder;
    offer.price = bid.price;
    offer.dateTime = bid.dateTime;
    return offer;
  }

  /** A bid with no text but its channel. */
  static Bid offerByChannel(Bid bid) {
    Bid offer = offer(bid);
    offer.channel = bid.channel;
    return offer;
  }

  /** An auction with what q4 asks of it. */
  static Auction lasting(Auction auction) {
    Auction lasting = new Auction();
    lasting.id = auction.id;
    lasting.dateTime = auction.dateTime;
    lasting.expires = auction.expires;
    lasting.category = auction.category;
    return lasting;
  }

  static final class ToLog implements MapFunction<Bid, LogRow> {
    /** The last day, which is remembered. */
    private long day = -1;
    private String dayText;

    @Override
    public LogRow map(Bid bid) {
      if (bid.dateTime / DAY_MS != day) {
        day = bid.dateTime / DAY_MS;
        dayText = dayText(bid.dateTime);
      }
      LogRow row = new LogRow();
      row.auction = bid.auction;
      row.bidder = bid.bidder;
      row.price = bid.price;
      row.dateTime = bid.dateTime;
      row.extra = bid.extra;
      row.day = dayText;
      row.minute = minuteText(bid.dateTime);
      return row;
    }
  }

  static EuroRow inEuro(Bid bid) {
    EuroRow row = new EuroRow();
    row.auction = bid.auction;
    row.bidder = bid.bidder;
    row.price = bid.price * 908 / 1_000.0;
    row.dateTime = bid.dateTime;
    row.extra = bid.extra;
    return row;
  }

  static Directories directories(Bid bid) {
    String[] parts = bid.url.split("/", 7);
    Directories row = new Directories();
    row.auction = bid.auction;
    row.bidder = bid.bidder;
    row.price = bid.price;
    row.channel = bid.channel;
    row.dir1 = parts[3];
    row.dir2 = parts[4];
    row.dir3 = parts[5];
    return row;
  }

  static RowHash hash(BidRow row, RowHash hash) {
    hash.number(row.auction).number(row.bidder).number(row.price).number(row.dateTime);
    return hash.text(row.extra);
  }

  static RowHash hashEuro(EuroRow row, RowHash hash) {
    hash.number(row.auction).number(row.bidder).number(Math.round(row.price * 1_000));
    return hash.number(row.dateTime).text(row.extra);
  }

  static RowHash hashCount(Count row, RowHash hash) {
    return hash.number(row.key).number(row.num).number(row.startTime).number(row.endTime);
  }

  static RowHash hashBid(Bid bid, RowHash hash) {
    hash.number(bid.auction).number(bid.bidder).number(bid.price).text(bid.channel);
    return hash.text(bid.url).number(bid.dateTime).text(bid.extra);
  }

  static RowHash hashWinner(BidOfAuction row, RowHash hash) {
    Bid bid = row.bid;
    hash.number(row.auction.id);
    hashAuction(row.auction, hash).number(bid.auction).number(bid.bidder).number(bid.price);
    return hash.number(bid.dateTime).text(bid.extra);
  }

  static RowHash hashExpanded(BidOfAuction row, RowHash hash) {
    return hashAuction(row.auction, hashBid(row.bid, hash));
  }

  static RowHash hashCalculated(Calculated row, RowHash hash) {
    hash.number(row.bid.auction).number(row.bid.bidder).number(Math.round(row.price * 1_000));
    hash.text(row.bidTimeType).number(row.bid.dateTime).text(row.bid.extra);
    return hash.number(row.cCounts);
  }

  static RowHash hashChannelId(WithChannelId row, RowHash hash) {
    hash.number(row.auction).number(row.bidder).number(row.price).text(row.channel);
    return hash.text(row.channelId);
  }

  static RowHash hashDirectories(Directories row, RowHash hash) {
    hash.number(row.auction).number(row.bidder).number(row.price).text(row.channel);
    return hash.text(row.dir1).text(row.dir2).text(row.dir3);
  }

  static RowHash hashOfPerson(BidOfPerson row, RowHash hash) {
    Bid bid = row.bid;
    Person person = row.person;
    hash.number(bid.bidder).number(bid.price).text(bid.channel).text(bid.url).text(bid.extra);
    hash.number(person.id).text(person.name).text(person.emailAddress).text(person.creditCard);
    hash.text(person.city).text(person.state).text(person.extra);
    return hashAuction(row.auction, hash);
  }

  static RowHash hashValue(WithValue row, RowHash hash) {
    hash.number(row.auction).number(row.bidder).number(row.price).number(row.dateTime);
    return hash.text(row.value);
  }

  private static RowHash hashAuction(Auction auction, RowHash hash) {
    hash.text(auction.itemName).text(auction.description).number(auction.initialBid);
    hash.number(auction.reserve).number(auction.dateTime).number(auction.expires);
    return hash.number(auction.seller).number(auction.category).text(auction.extra);
  }
}
