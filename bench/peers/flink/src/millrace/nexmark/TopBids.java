package millrace.nexmark;

import java.util.ArrayList;
import java.util.List;
import millrace.digest.RowHash;
import millrace.nexmark.Events.Bid;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** q19: the ten highest bids of each auction. */
final class TopBids extends KeyedProcessFunction<Long, Bid, Change<TopBids.Row>> {
  private static final int RANKS = 10;

  public static final class Row {
    public Bid bid;
    public long rank;

    public Row() {}

    Row(Bid bid, long rank) {
      this.bid = bid;
      this.rank = rank;
    }
  }

  private transient ValueState<List<Bid>> topState;

  @Override
  public void open(OpenContext context) {
    TypeInformation<List<Bid>> type = Types.LIST(TypeInformation.of(Bid.class));
    topState = getRuntimeContext().getState(new ValueStateDescriptor<>("top", type));
  }

  @Override
  public void processElement(Bid bid, Context context, Collector<Change<Row>> out)
      throws Exception {
    List<Bid> known = topState.value();
    List<Bid> top = known == null ? List.of() : known;
    int place = top.size();
    while (place > 0 && isHigher(bid, top.get(place - 1))) place--;
    if (place == RANKS) return;
    List<Bid> changed = new ArrayList<>(top);
    changed.add(place, bid);
    if (changed.size() > RANKS) changed.remove(RANKS);
    topState.update(changed);
    for (int index = place; index < changed.size(); index++) {
      Row before = index < top.size() ? new Row(top.get(index), index + 1) : null;
      out.collect(new Change<>(before, new Row(changed.get(index), index + 1)));
    }
  }

  private static boolean isHigher(Bid bid, Bid other) {
    if (bid.price != other.price) return bid.price > other.price;
    if (bid.dateTime != other.dateTime) return bid.dateTime < other.dateTime;
    return bid.bidder < other.bidder;
  }

  static RowHash hash(Row row, RowHash hash) {
    return Rows.hashBid(row.bid, hash).number(row.rank);
  }
}
