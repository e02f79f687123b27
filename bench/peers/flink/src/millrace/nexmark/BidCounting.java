package millrace.nexmark;

import millrace.digest.RowHash;
import millrace.nexmark.Events.Bid;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** q15 and q16: bids, bidders and auctions by price in three ranks; bench/nexmark/queries. */
final class BidCounting<K> extends KeyedProcessFunction<K, Bid, Change<BidCounting.Row>> {
  public static final class Row {
    public String channel = "";
    public String day;
    public String minute = "";
    public long totalBids;
    public long rank1Bids;
    public long rank2Bids;
    public long rank3Bids;
    public long totalBidders;
    public long rank1Bidders;
    public long rank2Bidders;
    public long rank3Bidders;
    public long totalAuctions;
    public long rank1Auctions;
    public long rank2Auctions;
    public long rank3Auctions;
  }

  private final boolean perChannel;
  private transient ValueState<Row> rowState;
  private transient MapState<Long, Integer> bidders;
  private transient MapState<Long, Integer> auctions;

  BidCounting(boolean perChannel) {
    this.perChannel = perChannel;
  }

  @Override
  public void open(OpenContext context) {
    rowState = getRuntimeContext().getState(new ValueStateDescriptor<>("row", Row.class));
    bidders =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("bidders", Long.class, Integer.class));
    auctions =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("auctions", Long.class, Integer.class));
  }

  @Override
  public void processElement(Bid bid, Context context, Collector<Change<Row>> out)
      throws Exception {
    Row before = rowState.value();
    Row row = before == null ? new Row() : copy(before);
    if (before == null) row.day = Rows.dayText(bid.dateTime);
    if (perChannel) {
      row.channel = bid.channel;
      String minute = Rows.minuteText(bid.dateTime);
      if (minute.compareTo(row.minute) > 0) row.minute = minute;
    }
    int rank = bid.price < 10_000 ? 0 : bid.price < 1_000_000 ? 1 : 2;
    int ofBidder = see(bidders, bid.bidder, rank);
    int ofAuction = see(auctions, bid.auction, rank);
    count(row, rank, ofBidder, ofAuction);
    rowState.update(row);
    out.collect(new Change<>(before, row));
  }

  private static void count(Row row, int rank, int ofBidder, int ofAuction) {
    row.totalBids++;
    row.totalBidders += ofBidder & 1;
    row.totalAuctions += ofAuction & 1;
    int newBidder = ofBidder >> 1;
    int newAuction = ofAuction >> 1;
    if (rank == 0) {
      row.rank1Bids++;
      row.rank1Bidders += newBidder;
      row.rank1Auctions += newAuction;
    } else if (rank == 1) {
      row.rank2Bids++;
      row.rank2Bidders += newBidder;
      row.rank2Auctions += newAuction;
    } else {
      row.rank3Bids++;
      row.rank3Bidders += newBidder;
      row.rank3Auctions += newAuction;
    }
  }

  /** Bit 0: seen for the first time; bit 1: for the first time in this rank. */
  private static int see(MapState<Long, Integer> seen, long id, int rank) throws Exception {
    Integer known = seen.get(id);
    int ranks = known == null ? 0 : known;
    if ((ranks & (1 << rank)) != 0) return 0;
    seen.put(id, ranks | (1 << rank));
    return ranks == 0 ? 3 : 2;
  }

  private static Row copy(Row from) {
    Row row = new Row();
    row.channel = from.channel;
    row.day = from.day;
    row.minute = from.minute;
    row.totalBids = from.totalBids;
    row.rank1Bids = from.rank1Bids;
    row.rank2Bids = from.rank2Bids;
    row.rank3Bids = from.rank3Bids;
    row.totalBidders = from.totalBidders;
    row.rank1Bidders = from.rank1Bidders;
    row.rank2Bidders = from.rank2Bidders;
    row.rank3Bidders = from.rank3Bidders;
    row.totalAuctions = from.totalAuctions;
    row.rank1Auctions = from.rank1Auctions;
    row.rank2Auctions = from.rank2Auctions;
    row.rank3Auctions = from.rank3Auctions;
    return row;
  }

  static RowHash hashDay(Row row, RowHash hash) {
    return hashCounts(row, hash.text(row.day));
  }

  static RowHash hashChannel(Row row, RowHash hash) {
    return hashCounts(row, hash.text(row.channel).text(row.day).text(row.minute));
  }

  private static RowHash hashCounts(Row row, RowHash hash) {
    hash.number(row.totalBids).number(row.rank1Bids).number(row.rank2Bids).number(row.rank3Bids);
    hash.number(row.totalBidders).number(row.rank1Bidders);
    hash.number(row.rank2Bidders).number(row.rank3Bidders);
    hash.number(row.totalAuctions).number(row.rank1Auctions);
    return hash.number(row.rank2Auctions).number(row.rank3Auctions);
  }
}
