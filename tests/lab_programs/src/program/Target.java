package program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Methods of every shape, all of them hooked in the test. */
public class Target {
    static final Throwable CAUSE = new Exception("the cause");

    static {
        System.out.println("Target is initialised by " + Thread.currentThread().getName());
    }

    public final String name;
    int touched;
    int counted;

    public Target(String name) {
        this.name = name;
    }

    public Target() {
        this("delegated");
    }

    public Target(int refused) {
        this("refused");
        throw new IllegalArgumentException("refused " + refused);
    }

    public static class Own extends RuntimeException {
        public Own(String message) {
            super(message);
        }
    }

    public static class Child extends Target {
        public Child(String name) {
            super(name);
        }

        @Override
        public String echo(String text) {
            return "child of " + super.echo(text);
        }
    }

    public boolean flag(boolean value) {
        return !value;
    }

    public byte small(byte value) {
        return value;
    }

    public short shorter(short value) {
        return value;
    }

    public char letter(char value) {
        return value;
    }

    public int number(int value) {
        return value;
    }

    public long wide(long value) {
        return value;
    }

    public float single(float value) {
        return value;
    }

    public double fraction(double value) {
        return value;
    }

    public String mixed(int a, long b, float c, double d, String e, byte f, boolean g, char h, Object i) {
        return a + " " + b + " " + c + " " + d + " " + e + " " + f + " " + g + " " + h + " " + i;
    }

    public static int twice(int value) {
        return value * 2;
    }

    public int touch() {
        touchQuietly();
        return touched;
    }

    public void touchQuietly() {
        touched++;
    }

    public int factorial(int value) {
        return value < 2 ? 1 : value * factorial(value - 1);
    }

    public int depth(int value) {
        return value == 0 ? 0 : 1 + depth(value - 1);
    }

    public String over(String value) {
        return "s" + value;
    }

    public String over(int value) {
        return "i" + value;
    }

    public String over(Object value, int other) {
        return over(other) + "o" + value;
    }

    public String over() {
        return over("none");
    }

    public String echo(String text) {
        return text;
    }

    public Object same(Object object) {
        return object;
    }

    public String[] sorted(String[] array) {
        Arrays.sort(array, (a, b) -> a == null ? -1 : b == null ? 1 : a.compareTo(b));
        return array;
    }

    public Object[] objects(Object[] array) {
        return array;
    }

    public void fill(int[] numbers) {
        Arrays.sort(numbers);
    }

    public byte[] bytes(byte[] bytes) {
        return bytes;
    }

    public String join(String by, String... parts) {
        return parts == null ? "null" : String.join(by, parts);
    }

    public List<String> list() {
        return new ArrayList<>(List.of("one", "two"));
    }

    @SuppressWarnings("unchecked")
    public <T> T generic(Object value) {
        return (T) value;
    }

    public int length(String text) {
        return text.length();
    }

    public String fails(String how) throws Exception {
        switch (how) {
            case "checked":
                throw new Exception("checked");
            case "unchecked":
                throw new IllegalArgumentException("unchecked");
            case "error":
                throw new AssertionError("error");
            case "cause":
                throw new IllegalStateException("outer", CAUSE);
            default:
                throw new Own("own");
        }
    }

    public synchronized int count() {
        return ++counted;
    }

    public synchronized boolean holds() {
        return Thread.holdsLock(this);
    }

    public String caller() {
        return StackWalker.getInstance().walk(frames -> frames.skip(1).findFirst().orElseThrow().getMethodName());
    }
}
