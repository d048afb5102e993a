package program;

import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Has other threads call a hooked method: a thread of its own, a pool that two ask, and a timer that anybody may ask. */
public final class Threads {
    private static final Target OWN = new Target("own");

    private Threads() {}

    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        first(pool);
        second(pool);
        alone();
        Timer timer = new Timer(true);
        TimerTask task = new TimerTask() {
            @Override
            public void run() {
                OWN.echo("by a timer");
                synchronized (timer) {
                    timer.notifyAll();
                }
            }
        };
        synchronized (timer) {
            timer.schedule(task, 1);
            timer.wait();
        }
        pool.shutdown();
        System.out.println("done");
        System.exit(0);
    }

    private static void first(ExecutorService pool) throws Exception {
        pool.submit(() -> OWN.echo("for the first")).get();
    }

    private static void second(ExecutorService pool) throws Exception {
        pool.submit(() -> OWN.echo("for the second")).get();
    }

    private static void alone() throws Exception {
        Thread thread = new Thread(() -> OWN.echo("alone"));
        thread.start();
        thread.join();
    }
}
