package program;

import android.database.Cursor;
import android.database.MatrixCursor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/** Makes more than 500 calls of every kind and prints the outcome of each, one per line: no agent may change one. */
public final class Outcomes {
    private static int count;

    private Outcomes() {}

    interface Work {
        Object run() throws Throwable;
    }

    /** Prints what a call gave or threw. */
    static void of(String what, Work work) {
        String outcome;
        try {
            outcome = text(work.run());
        } catch (InvocationTargetException thrown) {
            outcome = "invoked " + thrown.getCause();
        } catch (Throwable thrown) {
            outcome = "threw " + thrown + " cause " + thrown.getCause() + " suppressed " + thrown.getSuppressed().length;
        }
        count++;
        System.out.println(count + " " + what + ": " + outcome);
    }

    static String text(Object seen) {
        if (seen instanceof int[]) return Arrays.toString((int[]) seen);
        if (seen instanceof long[]) return Arrays.toString((long[]) seen);
        if (seen instanceof byte[]) return Arrays.toString((byte[]) seen);
        if (seen instanceof double[]) return Arrays.toString((double[]) seen);
        if (seen instanceof boolean[]) return Arrays.toString((boolean[]) seen);
        if (seen instanceof Object[]) return seen.getClass().getName() + Arrays.deepToString((Object[]) seen);
        if (seen instanceof String) return ((String) seen).chars().mapToObj(Integer::toHexString).toList().toString();
        return String.valueOf(seen);
    }

    interface Greeter {
        String greet(String name);

        default String twice(String name) {
            return greet(name) + greet(name);
        }

        static String plain() {
            return "plain";
        }
    }

    static class Polite implements Greeter {
        @Override
        public String greet(String name) {
            return "dear " + name;
        }
    }

    static class Warm extends Polite {
        @Override
        public String greet(String name) {
            return "warm " + super.greet(name);
        }
    }

    static final class Box {
        final int held;

        Box(int held) {
            if (held == 13) throw new IllegalStateException("13");
            this.held = held;
        }

        static Box of(int held) {
            return new Box(held);
        }

        boolean same(Object other) {
            return this == other;
        }

        @Override
        public String toString() {
            return "box " + held;
        }
    }

    static class Kinds {
        int calls;

        long[] longs(long[] all) {
            return all;
        }

        double[] doubles(double[] all) {
            return all;
        }

        boolean[] flags(boolean... all) {
            return all;
        }

        String[][] table(String[][] rows) {
            return rows;
        }

        Map<String, Integer> map(Map<String, Integer> map) {
            map.put("seen", map.size());
            return map;
        }

        String many(boolean a, byte b, char c, short d, int e, long f, float g, double h, String i, Object[] j, int[] k) {
            return "" + a + b + c + d + e + f + g + h + i + (j == null ? "-" : j.length) + (k == null ? "-" : k.length);
        }

        synchronized int locked(int depth) {
            calls++;
            return depth == 0 ? calls : locked(depth - 1);
        }

        int even(int value) {
            return value == 0 ? 1 : odd(value - 1);
        }

        int odd(int value) {
            return value == 0 ? 0 : even(value - 1);
        }

        void nothing() {
            calls++;
        }

        Cursor query(String table) {
            MatrixCursor rows = new MatrixCursor(new String[] {"name", "number"});
            for (int row = 0; row < 3; row++) rows.addRow(new Object[] {table + row, row});
            return rows;
        }

        String frames() {
            StringBuilder names = new StringBuilder();
            for (StackTraceElement one : Thread.currentThread().getStackTrace()) names.append(one.getMethodName()).append(' ');
            return names.toString();
        }
    }

    public static void main(String[] args) throws Exception {
        Target target = new Target("outcomes");
        Kinds kinds = new Kinds();
        primitives(target);
        texts(target);
        arrays(target, kinds);
        failures(target);
        objects(target, kinds);
        dispatch();
        recursion(target, kinds);
        reflection(target);
        platform();
        cursors(kinds);
        threads(target, kinds);
        Handed.all();
        System.out.println("frames " + kinds.frames());
        try {
            target.fails("own");
        } catch (Target.Own thrown) {
            System.out.println("frames " + thrown.getStackTrace()[0].getLineNumber());
        }
        System.out.println("frames " + Modifier.toString(Target.class.getMethod("count").getModifiers()));
        System.out.println("calls " + count);
    }

    static void primitives(Target target) {
        for (boolean value : new boolean[] {true, false}) of("flag", () -> target.flag(value));
        for (int value : new int[] {0, 1, -1, 127, -128, 42}) of("small", () -> target.small((byte) value));
        for (int value : new int[] {0, 1, -1, 32767, -32768, 999}) of("shorter", () -> target.shorter((short) value));
        for (char value : "\u0000a\u007f\u0080\u00ff\u0100\ud83d\ude00\uffff".toCharArray()) of("letter", () -> (int) target.letter(value));
        int[] numbers = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xff, 0x100, 0xffff, 0x10000, 123456789};
        for (int value : numbers) {
            of("number", () -> target.number(value));
            of("twice", () -> Target.twice(value));
            of("over int", () -> target.over(value));
            of("over both", () -> target.over("x", value));
        }
        long[] wide = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32, (1L << 53) + 1, -(1L << 53) - 1, 0xffffffffL, 1234567890123L};
        for (long value : wide) of("wide", () -> target.wide(value));
        float[] singles = {0f, -0f, 1f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, 0.1f, 1e-40f};
        for (float value : singles) of("single", () -> Float.floatToRawIntBits(target.single(value)));
        double[] fractions = {0, -0.0, 1, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY, 0.1, 1e-320};
        for (double value : fractions) of("fraction", () -> Double.doubleToRawLongBits(target.fraction(value)));
        of("void", () -> {
            target.touchQuietly();
            return target.touched;
        });
        of("int field", target::touch);
    }

    static final String[] TEXTS = {
        "", "a", "constant", "\u0000", "a\u0000b", "\ud83d", "\ude00", "\ud83d\ude00", "x\ud83d", "é", "中文", "\uffff", "\r\n\t", "%s {}",
        "a".repeat(8191), "b".repeat(8192), "c".repeat(8193), "d".repeat(8191) + "\ud83d\ude00", "e".repeat(40000), null,
    };

    static void texts(Target target) {
        for (String value : TEXTS) {
            of("echo", () -> target.echo(value) == value);
            of("echo text", () -> {
                String echoed = target.echo(value);
                return echoed == null ? null : echoed.length() + " " + echoed.hashCode();
            });
            of("same", () -> target.same(value) == value);
            of("generic", () -> target.<String>generic(value) == value);
            of("over", () -> String.valueOf(target.over(value)).hashCode());
            of("length", () -> target.length(value));
            of("join", () -> String.valueOf(target.join("-", value, "z")).hashCode());
        }
        of("varargs none", () -> target.join("+"));
        of("varargs null", () -> target.join("*", (String[]) null));
        of("varargs array", () -> target.join(",", "a", "b", "c"));
    }

    static void arrays(Target target, Kinds kinds) {
        Object[][] all = {{}, {null}, {"a"}, {1, 2L, 3.0}, new String[] {"typed"}, {new Object[] {"deep", new int[] {1}}}, new Integer[300]};
        for (Object[] array : all) {
            of("objects", () -> target.objects(array) == array);
            of("objects kind", () -> target.objects(array).getClass().getName());
        }
        of("objects null", () -> target.objects(null));
        int[] lengths = {0, 1, 2, 100, 300, 65535, 65536, 65537};
        for (int length : lengths) {
            byte[] bytes = new byte[length];
            for (int at = 0; at < length; at++) bytes[at] = (byte) (at * 7);
            of("bytes", () -> target.bytes(bytes) == bytes);
            of("bytes content", () -> Arrays.hashCode(target.bytes(bytes)));
            int[] numbers = new int[length];
            for (int at = 0; at < length; at++) numbers[at] = length - at;
            of("fill", () -> {
                target.fill(numbers);
                return Arrays.hashCode(numbers);
            });
            of("longs", () -> kinds.longs(new long[length]).length);
            of("doubles", () -> kinds.doubles(new double[length]).length);
            of("flags", () -> kinds.flags(new boolean[length]).length);
        }
        of("bytes null", () -> target.bytes(null));
        of("fill null", () -> {
            target.fill(null);
            return "";
        });
        of("flags varargs", () -> kinds.flags(true, false, true));
        of("table", () -> kinds.table(new String[][] {{"a", null}, {}, null}));
        of("table null", () -> kinds.table(null));
        of("sorted", () -> target.sorted(new String[] {"b", null, "a"}));
    }

    static void failures(Target target) {
        for (String how : new String[] {"checked", "unchecked", "error", "cause", "own", null}) {
            for (int turn = 0; turn < 4; turn++) of("fails " + how, () -> target.fails(how));
            of("same cause", () -> {
                try {
                    return target.fails(how);
                } catch (IllegalStateException thrown) {
                    return thrown.getCause() == Target.CAUSE;
                }
            });
            of("first frame", () -> {
                try {
                    return target.fails(how);
                } catch (Throwable thrown) {
                    return thrown.getStackTrace()[0].getMethodName();
                }
            });
        }
        of("finally", () -> {
            StringBuilder order = new StringBuilder("a");
            try {
                target.fails("own");
            } catch (Target.Own thrown) {
                order.append(thrown.getMessage());
            } finally {
                order.append("z");
            }
            return order.toString();
        });
        of("class cast", () -> target.<String>generic(7).length());
        of("constructor", () -> new Target(3));
        of("box 13", () -> new Box(13));
        of("made 13", () -> Box.of(13));
    }

    static void objects(Target target, Kinds kinds) {
        for (int value = 0; value < 10; value++) {
            int held = value;
            of("box", () -> new Box(held));
            of("made", () -> Box.of(held));
        }
        Box box = Box.of(1);
        of("identity", () -> box.same(box) + " " + box.same(Box.of(1)) + " " + box.same(null));
        of("same box", () -> target.same(box) == box);
        of("hostile", () -> target.same(new Hostile()).getClass());
        of("list", target::list);
        List<Object> own = new ArrayList<>(Collections.nCopies(500, "x"));
        of("same list", () -> target.same(own) == own && own.size() == 500);
        own.add(own);
        of("list of itself", () -> target.same(own) == own);
        of("map", () -> kinds.map(new TreeMap<>(Map.of("a", 1))));
        of("map that refuses", () -> kinds.map(Map.of()));
        of("map null", () -> kinds.map(null));
        for (Object one : new Object[] {1, 2L, 3f, 4d, 'c', (byte) 5, (short) 6, true, Thread.State.NEW, String.class}) {
            of("boxed", () -> target.same(one) == one);
        }
        of("many", () -> kinds.many(true, (byte) -1, '中', (short) -2, -3, -4L, -5.5f, -6.25, "i", new Object[2], new int[3]));
        of("many null", () -> kinds.many(false, (byte) 0, '\0', (short) 0, 0, 0L, 0f, 0d, null, null, null));
        of("delegated constructor", () -> new Target().name);
        of("child", () -> new Target.Child("kid").echo("x"));
        of("child of null", () -> new Target.Child("kid").echo(null));
        of("void", () -> {
            kinds.nothing();
            return kinds.calls;
        });
    }

    static void dispatch() {
        Greeter[] all = {new Polite(), new Warm(), name -> "lambda " + name};
        for (Greeter one : all) {
            for (String name : new String[] {"ann", "", null}) {
                of("greet", () -> one.greet(name));
                of("twice", () -> one.twice(name));
            }
        }
        of("static of an interface", Greeter::plain);
        Function<String, String> reference = all[1]::greet;
        of("reference", () -> reference.apply("bob"));
        Supplier<Box> maker = () -> Box.of(5);
        of("supplier", maker::get);
    }

    static void recursion(Target target, Kinds kinds) {
        for (int depth : new int[] {0, 1, 2, 5, 12, 40, 100}) {
            of("factorial", () -> target.factorial(depth));
            of("depth", () -> target.depth(depth));
            of("even", () -> kinds.even(depth));
            of("locked", () -> kinds.locked(depth));
        }
    }

    static void reflection(Target target) {
        for (String name : new String[] {"echo", "over", "length"}) {
            for (String value : new String[] {"r", "", null}) {
                of("invoke " + name, () -> Target.class.getMethod(name, String.class).invoke(target, value));
            }
        }
        of("invoke fails", () -> Target.class.getMethod("fails", String.class).invoke(target, "checked"));
        of("invoke of another", () -> Target.class.getMethod("echo", String.class).invoke("no target", "x"));
        of("invoke static", () -> Target.class.getMethod("twice", int.class).invoke(null, 4));
        of("new instance", () -> Target.class.getConstructor(String.class).newInstance("made").name);
        of("new instance fails", () -> Target.class.getConstructor(int.class).newInstance(1));
        of("declared", () -> Target.class.getDeclaredMethods().length);
        of("handle", () -> (String) java.lang.invoke.MethodHandles.lookup()
            .findVirtual(Target.class, "echo", java.lang.invoke.MethodType.methodType(String.class, String.class))
            .invokeExact(target, "handled"));
    }

    /** Native methods of the platform, which the test hooks too. */
    static void platform() {
        for (double value : new double[] {0, 1, -1, 10}) of("sine", () -> StrictMath.sin(value));
        of("lock", () -> Thread.holdsLock(count()));
        of("no lock", () -> Thread.holdsLock(null));
        of("processors", () -> Runtime.getRuntime().availableProcessors() > 0);
        of("property", () -> System.getProperty("no.such.property", "other"));
        of("class", () -> Class.forName("program.Nowhere"));
    }

    static Object count() {
        return new Object();
    }

    static void cursors(Kinds kinds) {
        Cursor rows = kinds.query("contacts");
        of("before", rows::getPosition);
        of("too early", () -> rows.getString(0));
        while (rows.moveToNext()) {
            for (int column = 0; column < 2; column++) {
                int wanted = column;
                of("cell", () -> rows.getString(wanted));
                of("position", rows::getPosition);
            }
            of("number", () -> rows.getInt(1));
            of("no column", () -> rows.getString(7));
        }
        of("after", rows::isAfterLast);
        of("back", () -> rows.moveToFirst() + rows.getString(0) + rows.getPosition());
        of("columns", () -> Arrays.toString(rows.getColumnNames()) + rows.getColumnIndex("number"));
    }

    static void threads(Target target, Kinds kinds) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Callable<String>> work = new ArrayList<>();
        for (int at = 0; at < 20; at++) {
            String name = "task " + at;
            work.add(() -> target.echo(name));
        }
        for (var one : pool.invokeAll(work)) of("pooled", one::get);
        of("counted", () -> {
            List<Callable<Integer>> turns = Collections.nCopies(200, target::count);
            pool.invokeAll(turns);
            return target.counted;
        });
        of("fails in a pool", () -> pool.submit(() -> target.fails("own")).get());
        of("future", () -> CompletableFuture.supplyAsync(() -> target.echo("later"), pool).thenApply(target::echo).get());
        pool.shutdown();
        of("interrupted", () -> {
            Thread.currentThread().interrupt();
            target.echo("x");
            return Thread.interrupted();
        });
        of("lock is held", () -> {
            synchronized (target) {
                return target.holds();
            }
        });
        of("waits", () -> {
            Thread other = new Thread(() -> {
                synchronized (target) {
                    target.notifyAll();
                }
            });
            synchronized (target) {
                other.start();
                target.wait(10_000);
                return target.count() > 0;
            }
        });
        of("local", () -> {
            ThreadLocal<String> own = ThreadLocal.withInitial(() -> "mine");
            target.echo(own.get());
            return own.get();
        });
    }
}
