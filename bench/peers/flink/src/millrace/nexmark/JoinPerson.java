package millrace.nexmark;

import java.util.ArrayList;
import java.util.List;
import millrace.nexmark.Events.Auction;
import millrace.nexmark.Events.Bid;
import millrace.nexmark.Events.Event;
import millrace.nexmark.Events.Person;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** q23: keeps all that came of a person, and joins what comes with it. */
final class JoinPerson extends KeyedProcessFunction<Long, Event, Rows.BidOfPerson> {
  private transient ValueState<Person> personState;
  private transient ListState<Auction> auctionsState;
  private transient ListState<Bid> bidsState;

  /** The person by which the three streams are joined. */
  static long personOf(Event event) {
    if (event instanceof Bid bid) return bid.bidder;
    return event instanceof Auction auction ? auction.seller : ((Person) event).id;
  }

  @Override
  public void open(OpenContext context) {
    personState = getRuntimeContext().getState(new ValueStateDescriptor<>("person", Person.class));
    auctionsState =
        getRuntimeContext().getListState(new ListStateDescriptor<>("auctions", Auction.class));
    bidsState = getRuntimeContext().getListState(new ListStateDescriptor<>("bids", Bid.class));
  }

  @Override
  public void processElement(Event event, Context context, Collector<Rows.BidOfPerson> out)
      throws Exception {
    if (event instanceof Bid bid) {
      bidsState.add(bid);
      Person person = personState.value();
      if (person == null) return;
      for (Auction auction : auctionsState.get()) {
        out.collect(new Rows.BidOfPerson(bid, person, auction));
      }
    } else if (event instanceof Auction auction) {
      auctionsState.add(auction);
      Person person = personState.value();
      if (person == null) return;
      for (Bid bid : bidsState.get()) out.collect(new Rows.BidOfPerson(bid, person, auction));
    } else {
      Person person = (Person) event;
      personState.update(person);
      List<Auction> auctions = new ArrayList<>();
      auctionsState.get().forEach(auctions::add);
      for (Bid bid : bidsState.get()) {
        for (Auction auction : auctions) out.collect(new Rows.BidOfPerson(bid, person, auction));
      }
    }
  }
}
