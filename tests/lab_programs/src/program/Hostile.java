package program;

/** An object whose every method shows that somebody looked at it. */
public final class Hostile extends java.util.ArrayList<String> {
    @Override
    public String toString() {
        System.out.println("toString was called");
        return "seen";
    }

    @Override
    public int hashCode() {
        System.out.println("hashCode was called");
        return 1;
    }

    @Override
    public Object[] toArray() {
        System.out.println("toArray was called");
        throw new IllegalStateException("toArray");
    }
}
