package millrace.nexmark;

import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** q4: the average of the winning bids of a category. */
final class CategoryAverage
    extends KeyedProcessFunction<Long, CategoryAverage.Step, Change<Rows.Pair>> {
  /** What a new winning bid changes. */
  public static final class Step {
    public long category;
    public long auctions;
    public long price;
  }

  /** Sent between subtasks in place of whole auctions and bids. */
  static final class ToStep implements FlatMapFunction<Change<Rows.BidOfAuction>, Step> {
    @Override
    public void flatMap(Change<Rows.BidOfAuction> change, Collector<Step> out) {
      Step step = new Step();
      step.category = change.after.auction.category;
      step.auctions = change.before == null ? 1 : 0;
      step.price = change.after.bid.price - (change.before == null ? 0 : change.before.bid.price);
      out.collect(step);
    }
  }

  private transient ValueState<Rows.Pair> totalsState;

  @Override
  public void open(OpenContext context) {
    totalsState = getRuntimeContext().getState(new ValueStateDescriptor<>("totals", Rows.Pair.class));
  }

  @Override
  public void processElement(Step step, Context context, Collector<Change<Rows.Pair>> out)
      throws Exception {
    Rows.Pair last = totalsState.value();
    Rows.Pair totals =
        last == null
            ? new Rows.Pair(step.auctions, step.price)
            : new Rows.Pair(last.left + step.auctions, last.right + step.price);
    totalsState.update(totals);
    out.collect(new Change<>(rowOf(step.category, last), rowOf(step.category, totals)));
  }

  private static Rows.Pair rowOf(long category, Rows.Pair totals) {
    return totals == null ? null : new Rows.Pair(category, totals.right / totals.left);
  }
}
