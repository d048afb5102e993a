package program;

import java.util.Arrays;

/** Times calls of three methods that do the same and are hooked differently; the benchmark reads what it prints. */
public final class Bench {
    private static final int CALLS = 100;
    private static final int PATHS = 14;
    private static final String KEY = "android_id";

    private Bench() {}

    interface Reader {
        String read(String key);
    }

    /** Not hooked. */
    public static String free(String key) {
        return "9774d56d682e549c";
    }

    /** Hooked by a hook that calls through and does nothing else. */
    public static String bare(String key) {
        return "9774d56d682e549c";
    }

    /** Hooked by the agent. */
    public static String recorded(String key) {
        return "9774d56d682e549c";
    }

    /** Hooked by the agent, and called rarely. */
    public static String quiet(String key) {
        return key;
    }

    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        switch (args[0]) {
            case "times":
                times(count);
                break;
            case "threads":
                threads(count, Integer.parseInt(args[2]));
                break;
            default:
                flood(count);
        }
        System.out.flush();
    }

    /** Alternates between the methods, so that what else the machine does meets all of them. */
    private static void times(int rounds) {
        Reader[] readers = {Bench::free, Bench::bare, Bench::recorded};
        String[] names = {"free", "bare", "recorded"};
        for (int depth : new int[] {6, 30}) {
            long[][] taken = new long[readers.length][rounds * CALLS];
            for (int round = 0; round < rounds; round++) {
                for (int which = 0; which < readers.length; which++) {
                    repeated(readers[which], depth, taken[which], round * CALLS);
                }
            }
            for (int which = 0; which < readers.length; which++) say("repeated-" + depth, names[which], taken[which]);
        }
        int paths = Math.min(1 << PATHS, rounds * CALLS);
        long[][] first = new long[readers.length][paths];
        for (int path = 0; path < paths; path++) {
            for (int which = 0; which < readers.length; which++) {
                first[which][path] = left(readers[which], path, PATHS);
            }
        }
        for (int which = 0; which < readers.length; which++) say("first-" + PATHS, names[which], first[which]);
    }

    private static void repeated(Reader reader, int depth, long[] taken, int from) {
        if (depth > 0) {
            repeated(reader, depth - 1, taken, from);
            return;
        }
        for (int at = from; at < from + CALLS; at++) taken[at] = timed(reader);
    }

    /** Takes a path of left and right turns, so that every path is a stack of its own. */
    private static long left(Reader reader, int path, int turns) {
        if (turns == 0) return timed(reader);
        return (path & 1) == 0 ? left(reader, path >> 1, turns - 1) : right(reader, path >> 1, turns - 1);
    }

    private static long right(Reader reader, int path, int turns) {
        if (turns == 0) return timed(reader);
        return (path & 1) == 0 ? left(reader, path >> 1, turns - 1) : right(reader, path >> 1, turns - 1);
    }

    private static long timed(Reader reader) {
        long begin = System.nanoTime();
        reader.read(KEY);
        return System.nanoTime() - begin;
    }

    private static void say(String what, String name, long[] taken) {
        Arrays.sort(taken);
        System.out.println("time " + what + " " + name + " " + taken[taken.length / 2] + " " + taken[taken.length * 9 / 10]);
    }

    private static void threads(int count, int calls) throws InterruptedException {
        Thread[] threads = new Thread[count];
        long begin = System.nanoTime();
        for (int thread = 0; thread < count; thread++) {
            String name = thread + " ";
            threads[thread] = new Thread(() -> {
                for (int call = 0; call < calls; call++) recorded(name + call);
            });
            threads[thread].start();
        }
        for (Thread thread : threads) thread.join();
        System.out.println("took " + (System.nanoTime() - begin));
    }

    /** One thread floods; meanwhile another class calls the same method now and then, and another method is called. */
    private static void flood(int calls) throws InterruptedException {
        Thread flooding = new Thread(() -> {
            for (int call = 0; call < calls; call++) recorded(KEY);
        });
        flooding.start();
        int call = 0;
        for (; flooding.isAlive(); call++) {
            Other.read("other " + call);
            quiet("quiet " + call);
            Thread.sleep(10);
        }
        flooding.join();
        System.out.println("beside " + call);
    }

    static final class Other {
        private Other() {}

        static String read(String key) {
            return recorded(key);
        }
    }
}
