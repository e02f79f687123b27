package millrace.nexmark;

import java.util.ArrayList;
import java.util.List;
import millrace.nexmark.Events.Bid;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.CoGroupFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.windowing.ProcessAllWindowFunction;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** What windows compute. */
final class Windows {
  private Windows() {}

  /** Counts bids, of each of which one number is left. */
  static final class CountBids implements AggregateFunction<Long, Long, Long> {
    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(Long bid, Long count) {
      return count + 1;
    }

    @Override
    public Long getResult(Long count) {
      return count;
    }

    @Override
    public Long merge(Long left, Long right) {
      return left + right;
    }
  }

  static final class WithWindow extends ProcessWindowFunction<Long, Rows.Count, Long, TimeWindow> {
    @Override
    public void process(Long key, Context context, Iterable<Long> counts, Collector<Rows.Count> out) {
      for (long num : counts) {
        Rows.Count row = new Rows.Count();
        row.key = key;
        row.num = num;
        row.startTime = context.window().getStart();
        row.endTime = context.window().getEnd();
        out.collect(row);
      }
    }
  }

  public static final class Top {
    public long num;
    public List<Long> auctions = new ArrayList<>();
  }

  static final class TopAuctions implements AggregateFunction<Rows.Count, Top, Top> {
    @Override
    public Top createAccumulator() {
      return new Top();
    }

    @Override
    public Top add(Rows.Count count, Top top) {
      if (count.num > top.num) {
        top.num = count.num;
        top.auctions.clear();
      }
      if (count.num == top.num) top.auctions.add(count.key);
      return top;
    }

    @Override
    public Top getResult(Top top) {
      return top;
    }

    @Override
    public Top merge(Top left, Top right) {
      throw new UnsupportedOperationException("tumbling windows do not merge");
    }
  }

  public static final class Highest {
    public long price;
    public List<Bid> bids = new ArrayList<>();
    public List<Bid> atStart = new ArrayList<>();
  }

  static final class HighestBids implements AggregateFunction<Bid, Highest, Highest> {
    @Override
    public Highest createAccumulator() {
      return new Highest();
    }

    @Override
    public Highest add(Bid bid, Highest highest) {
      if (bid.price > highest.price) {
        highest.price = bid.price;
        highest.bids.clear();
      }
      if (bid.price == highest.price) highest.bids.add(bid);
      if (bid.dateTime % 10_000 == 0) highest.atStart.add(bid);
      return highest;
    }

    @Override
    public Highest getResult(Highest highest) {
      return highest;
    }

    @Override
    public Highest merge(Highest left, Highest right) {
      throw new UnsupportedOperationException("tumbling windows do not merge");
    }
  }

  static final class EmitHighest
      extends ProcessAllWindowFunction<Highest, Rows.BidRow, TimeWindow> {
    private static final ValueStateDescriptor<Rows.Pair> LAST =
        new ValueStateDescriptor<>("last-window", Rows.Pair.class);

    @Override
    public void process(Context context, Iterable<Highest> windows, Collector<Rows.BidRow> out)
        throws Exception {
      ValueState<Rows.Pair> state = context.globalState().getState(LAST);
      Rows.Pair last = state.value();
      for (Highest highest : windows) {
        boolean follows = last != null && last.left == context.window().getStart();
        for (Bid bid : highest.atStart) {
          if (follows && last.right == bid.price) out.collect(Rows.of(bid));
        }
        for (Bid bid : highest.bids) out.collect(Rows.of(bid));
        state.update(new Rows.Pair(context.window().getEnd(), highest.price));
      }
    }
  }

  static final class WithSales implements CoGroupFunction<Rows.Newcomer, Long, Rows.Newcomer> {
    @Override
    public void coGroup(
        Iterable<Rows.Newcomer> persons, Iterable<Long> sellers, Collector<Rows.Newcomer> out) {
      if (!sellers.iterator().hasNext()) return;
      for (Rows.Newcomer person : persons) {
        long startTime = person.startTime - person.startTime % 10_000;
        out.collect(new Rows.Newcomer(person.id, person.name, startTime));
      }
    }
  }
}
