package millrace.nexmark;

import millrace.nexmark.Events.Bid;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** q18: the last bid of each bidder for each auction. */
final class LastBid extends KeyedProcessFunction<Long, Bid, Change<Bid>> {
  private transient ValueState<Bid> lastState;

  @Override
  public void open(OpenContext context) {
    lastState = getRuntimeContext().getState(new ValueStateDescriptor<>("last", Bid.class));
  }

  @Override
  public void processElement(Bid bid, Context context, Collector<Change<Bid>> out)
      throws Exception {
    Bid last = lastState.value();
    if (last != null && !isLater(bid, last)) return;
    lastState.update(bid);
    out.collect(new Change<>(last, bid));
  }

  private static boolean isLater(Bid bid, Bid last) {
    if (bid.dateTime != last.dateTime) return bid.dateTime > last.dateTime;
    return bid.price > last.price;
  }
}
