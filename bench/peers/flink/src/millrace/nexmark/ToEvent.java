package millrace.nexmark;

import millrace.nexmark.Events.Event;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Makes the events of the numbers; chained to the source. */
final class ToEvent extends RichMapFunction<Long, Event> {
  private transient Generator generator;

  @Override
  public void open(OpenContext context) {
    generator = new Generator();
  }

  @Override
  public Event map(Long n) {
    return generator.event(n);
  }
}
