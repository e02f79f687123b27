package millrace.nexmark;

import millrace.nexmark.Events.Auction;
import millrace.nexmark.Events.Bid;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/** q20: bids wait for their auction. */
final class JoinAuction extends KeyedCoProcessFunction<Long, Auction, Bid, Rows.BidOfAuction> {
  private transient ValueState<Auction> auctionState;
  private transient ListState<Bid> waiting;

  @Override
  public void open(OpenContext context) {
    auctionState = getRuntimeContext().getState(new ValueStateDescriptor<>("auction", Auction.class));
    waiting = getRuntimeContext().getListState(new ListStateDescriptor<>("waiting", Bid.class));
  }

  @Override
  public void processElement1(Auction auction, Context context, Collector<Rows.BidOfAuction> out)
      throws Exception {
    auctionState.update(auction);
    for (Bid bid : waiting.get()) out.collect(new Rows.BidOfAuction(auction, bid));
    waiting.clear();
  }

  @Override
  public void processElement2(Bid bid, Context context, Collector<Rows.BidOfAuction> out)
      throws Exception {
    Auction auction = auctionState.value();
    if (auction == null) waiting.add(bid);
    else out.collect(new Rows.BidOfAuction(auction, bid));
  }
}
