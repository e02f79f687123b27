package millrace.nexmark;

import millrace.nexmark.Events.Auction;
import millrace.nexmark.Events.Person;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/** q3: auctions wait for their seller. */
final class JoinSeller extends KeyedCoProcessFunction<Long, Auction, Person, Rows.Local> {
  private transient ValueState<Rows.Local> seller;
  private transient ListState<Long> waiting;

  @Override
  public void open(OpenContext context) {
    seller = getRuntimeContext().getState(new ValueStateDescriptor<>("seller", Rows.Local.class));
    waiting = getRuntimeContext().getListState(new ListStateDescriptor<>("waiting", Long.class));
  }

  @Override
  public void processElement1(Auction auction, Context context, Collector<Rows.Local> out)
      throws Exception {
    Rows.Local known = seller.value();
    if (known == null) waiting.add(auction.id);
    else out.collect(rowOf(known, auction.id));
  }

  @Override
  public void processElement2(Person person, Context context, Collector<Rows.Local> out)
      throws Exception {
    Rows.Local known = new Rows.Local();
    known.name = person.name;
    known.city = person.city;
    known.state = person.state;
    seller.update(known);
    for (long id : waiting.get()) out.collect(rowOf(known, id));
    waiting.clear();
  }

  private static Rows.Local rowOf(Rows.Local seller, long id) {
    Rows.Local row = new Rows.Local();
    row.name = seller.name;
    row.city = seller.city;
    row.state = seller.state;
    row.id = id;
    return row;
  }
}
