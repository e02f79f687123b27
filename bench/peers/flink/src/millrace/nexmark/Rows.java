package millrace.nexmark;

import millrace.nexmark.Events.Auction;
import millrace.nexmark.Events.Bid;

/** The rows of the results and their hashes; fields as in bench/nexmark/queries. */
final class Rows {
  static final long DAY_MS = 86_400_000;

  private Rows() {}

  public static final class BidRow {
    public long auction;
    public long bidder;
    public long price;
    public long dateTime;
    public String extra;
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

  public static final class Directories {
    public long auction;
    public long bidder;
    public long price;
    public String channel;
    public String dir1;
    public String dir2;
    public String dir3;
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

  static RowHash hashDirectories(Directories row, RowHash hash) {
    hash.number(row.auction).number(row.bidder).number(row.price).text(row.channel);
    return hash.text(row.dir1).text(row.dir2).text(row.dir3);
  }

  private static RowHash hashAuction(Auction auction, RowHash hash) {
    hash.text(auction.itemName).text(auction.description).number(auction.initialBid);
    hash.number(auction.reserve).number(auction.dateTime).number(auction.expires);
    return hash.number(auction.seller).number(auction.category).text(auction.extra);
  }
}
