package android.app.job;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

public abstract class JobService extends Service {
    /** What the system calls; Android has such a class here too. */
    private final Engine engine = new Engine() {
        @Override
        boolean onStartJob(JobParameters params) {
            return JobService.this.onStartJob(params);
        }
    };

    public abstract boolean onStartJob(JobParameters params);

    @Override
    public final IBinder onBind(Intent intent) {
        return null;
    }

    abstract static class Engine {
        abstract boolean onStartJob(JobParameters params);
    }
}
