package millrace.nexmark;

import java.util.HashMap;
import java.util.Map;
import millrace.nexmark.Events.Bid;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** q13: what a table of fixed rows says of the auction of a bid. */
final class LookUp extends RichMapFunction<Bid, Rows.WithValue> {
  private static final int SIDE_ROWS = 10_000;

  private transient Map<Long, String> values;

  @Override
  public void open(OpenContext context) {
    values = new HashMap<>();
    for (long key = 0; key < SIDE_ROWS; key++) values.put(key, Long.toString(key));
  }

  @Override
  public Rows.WithValue map(Bid bid) {
    Rows.WithValue row = new Rows.WithValue();
    row.auction = bid.auction;
    row.bidder = bid.bidder;
    row.price = bid.price;
    row.dateTime = bid.dateTime;
    row.value = values.get(bid.auction % SIDE_ROWS);
    return row;
  }
}
