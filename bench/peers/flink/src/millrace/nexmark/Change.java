package millrace.nexmark;

/** A change of a result table: a row replaces another, or is new. */
public final class Change<R> {
  public R before;
  public R after;

  public Change() {}

  Change(R before, R after) {
    this.before = before;
    this.after = after;
  }
}
