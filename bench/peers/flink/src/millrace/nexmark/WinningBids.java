package millrace.nexmark;

import java.util.ArrayList;
import java.util.List;
import millrace.nexmark.Events.Auction;
import millrace.nexmark.Events.Bid;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/** q9: the winning bid of each auction; see bench/nexmark/queries/winning-bids.ts. */
final class WinningBids
    extends KeyedCoProcessFunction<Long, Auction, Bid, Change<Rows.BidOfAuction>> {
  private transient ValueState<Auction> auctionState;
  private transient ValueState<Bid> bestState;
  private transient ListState<Bid> early;

  @Override
  public void open(OpenContext context) {
    auctionState = getRuntimeContext().getState(new ValueStateDescriptor<>("auction", Auction.class));
    bestState = getRuntimeContext().getState(new ValueStateDescriptor<>("best", Bid.class));
    early = getRuntimeContext().getListState(new ListStateDescriptor<>("early", Bid.class));
  }

  @Override
  public void processElement1(
      Auction auction, Context context, Collector<Change<Rows.BidOfAuction>> out)
      throws Exception {
    auctionState.update(auction);
    context.timerService().registerEventTimeTimer(auction.expires);
    for (Bid bid : early.get()) consider(auction, bid, out);
    early.clear();
  }

  @Override
  public void processElement2(Bid bid, Context context, Collector<Change<Rows.BidOfAuction>> out)
      throws Exception {
    Auction auction = auctionState.value();
    if (auction != null) {
      consider(auction, bid, out);
    } else if (bid.dateTime > context.timerService().currentWatermark()) {
      early.add(bid);
      context.timerService().registerEventTimeTimer(bid.dateTime);
    }
  }

  @Override
  public void onTimer(
      long timestamp, OnTimerContext context, Collector<Change<Rows.BidOfAuction>> out)
      throws Exception {
    Auction auction = auctionState.value();
    if (auction == null) {
      List<Bid> left = new ArrayList<>();
      for (Bid bid : early.get()) if (bid.dateTime > timestamp) left.add(bid);
      early.update(left);
    } else if (timestamp >= auction.expires) {
      auctionState.clear();
      bestState.clear();
    }
  }

  private void consider(Auction auction, Bid bid, Collector<Change<Rows.BidOfAuction>> out)
      throws Exception {
    if (bid.dateTime < auction.dateTime || bid.dateTime > auction.expires) return;
    Bid best = bestState.value();
    if (best != null && !isBetter(bid, best)) return;
    bestState.update(bid);
    Rows.BidOfAuction before = best == null ? null : new Rows.BidOfAuction(auction, best);
    out.collect(new Change<>(before, new Rows.BidOfAuction(auction, bid)));
  }

  private static boolean isBetter(Bid bid, Bid best) {
    if (bid.price != best.price) return bid.price > best.price;
    if (bid.dateTime != best.dateTime) return bid.dateTime < best.dateTime;
    return bid.bidder < best.bidder;
  }
}
