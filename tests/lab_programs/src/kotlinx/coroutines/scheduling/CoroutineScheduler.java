package kotlinx.coroutines.scheduling;

import java.util.concurrent.LinkedBlockingQueue;

/** Runs tasks as the scheduler of Kotlin's coroutines does: under its names, on one thread that works for anybody. */
public final class CoroutineScheduler {
    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();

    public CoroutineScheduler() {
        Thread worker = new Thread(this::work, "DefaultDispatcher-worker-1");
        worker.setDaemon(true);
        worker.start();
    }

    public void dispatch(Runnable block, boolean taskContext, boolean tailDispatch) {
        waiting.add(block);
    }

    private void work() {
        try {
            while (true) runSafely(waiting.take());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    public void runSafely(Runnable task) {
        task.run();
    }
}
