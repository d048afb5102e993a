package program;

import android.os.Handler;
import android.os.HandlerThread;
import android.os.Message;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import kotlinx.coroutines.scheduling.CoroutineScheduler;
import rx.Work;

/**
 * Has other threads call a hooked method: a thread of its own, pools and loops that two ask, and a timer that anybody
 * may ask. What does the work is in a library that works for others, so that only the origin tells who wanted it.
 */
public final class Threads {
    private static final Target OWN = new Target("own");

    private Threads() {}

    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        first(pool);
        second(pool);
        alone();
        timer();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        soon(clock);
        often(clock);
        HandlerThread loop = new HandlerThread("loop");
        loop.start();
        Handler handler = new Handler(loop.getLooper());
        posts(handler);
        sends(handler);
        relays(handler);
        launches(new CoroutineScheduler());
        pool.shutdown();
        clock.shutdown();
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

    private static void timer() throws Exception {
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
    }

    private static void soon(ScheduledExecutorService clock) throws Exception {
        clock.schedule(new Work("soon", null), 1, TimeUnit.MILLISECONDS).get();
    }

    private static void often(ScheduledExecutorService clock) throws Exception {
        CountDownLatch twice = new CountDownLatch(2);
        clock.scheduleAtFixedRate(new Work("often", twice), 1, 1, TimeUnit.MILLISECONDS);
        twice.await();
    }

    private static void posts(Handler handler) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        handler.post(new Work("posted", done));
        done.await();
    }

    private static void sends(Handler handler) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Message message = Message.obtain();
        message.obj = new Work("sent", done);
        new Work.Receiver(handler.getLooper()).sendMessageDelayed(message, 1);
        done.await();
    }

    /** What a task of somebody's posts in turn, in a library's name, is still that one's. */
    private static void relays(Handler handler) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        handler.post(new Work.Relay(handler, new Work("relayed", done)));
        done.await();
    }

    private static void launches(CoroutineScheduler scheduler) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        scheduler.dispatch(new Work("launched", done), false, false);
        done.await();
    }
}
