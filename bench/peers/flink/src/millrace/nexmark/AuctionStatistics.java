package millrace.nexmark;

import millrace.digest.RowHash;
import millrace.nexmark.Events.Bid;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** q17: prices per auction and day. */
final class AuctionStatistics
    extends KeyedProcessFunction<Long, Bid, Change<AuctionStatistics.Row>> {
  public static final class Row {
    public long auction;
    public String day;
    public long totalBids;
    public long rank1Bids;
    public long rank2Bids;
    public long rank3Bids;
    public long minPrice;
    public long maxPrice;
    public long avgPrice;
    public long sumPrice;
  }

  private transient ValueState<Row> rowState;

  @Override
  public void open(OpenContext context) {
    rowState = getRuntimeContext().getState(new ValueStateDescriptor<>("row", Row.class));
  }

  @Override
  public void processElement(Bid bid, Context context, Collector<Change<Row>> out)
      throws Exception {
    Row before = rowState.value();
    Row after = withBid(before, bid);
    rowState.update(after);
    out.collect(new Change<>(before, after));
  }

  private static Row withBid(Row row, Bid bid) {
    Row next = new Row();
    next.auction = bid.auction;
    next.day = row == null ? Rows.dayText(bid.dateTime) : row.day;
    next.totalBids = (row == null ? 0 : row.totalBids) + 1;
    next.rank1Bids = (row == null ? 0 : row.rank1Bids) + (bid.price < 10_000 ? 1 : 0);
    next.rank3Bids = (row == null ? 0 : row.rank3Bids) + (bid.price >= 1_000_000 ? 1 : 0);
    next.rank2Bids = next.totalBids - next.rank1Bids - next.rank3Bids;
    next.minPrice = row == null ? bid.price : Math.min(row.minPrice, bid.price);
    next.maxPrice = row == null ? bid.price : Math.max(row.maxPrice, bid.price);
    next.sumPrice = (row == null ? 0 : row.sumPrice) + bid.price;
    next.avgPrice = next.sumPrice / next.totalBids;
    return next;
  }

  static RowHash hash(Row row, RowHash hash) {
    hash.number(row.auction).text(row.day).number(row.totalBids).number(row.rank1Bids);
    hash.number(row.rank2Bids).number(row.rank3Bids).number(row.minPrice).number(row.maxPrice);
    return hash.number(row.avgPrice).number(row.sumPrice);
  }
}
