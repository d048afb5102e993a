package android.app;

import android.content.ComponentName;
import java.util.ArrayList;
import java.util.List;
import lab.runtime.App;

public class ActivityManager {
    ActivityManager() {}

    public static class RunningAppProcessInfo {
        public static final int IMPORTANCE_FOREGROUND = 100;
        public static final int IMPORTANCE_BACKGROUND = 400;
        public String processName;
        public int pid;
        public int uid;
        public String[] pkgList;
        public int importance;

        public RunningAppProcessInfo() {}
    }

    public static class RunningServiceInfo {
        public ComponentName service;
        public int pid;
        public String process;

        public RunningServiceInfo() {}
    }

    public static class RunningTaskInfo {
        public ComponentName topActivity;
        public ComponentName baseActivity;

        public RunningTaskInfo() {}
    }

    public static class MemoryInfo {
        public long availMem;
        public long totalMem;
        public boolean lowMemory;

        public MemoryInfo() {}
    }

    public List<RunningAppProcessInfo> getRunningAppProcesses() {
        RunningAppProcessInfo own = new RunningAppProcessInfo();
        own.processName = App.processName();
        own.pid = android.os.Process.myPid();
        own.uid = android.os.Process.myUid();
        own.pkgList = new String[] {App.packageName()};
        own.importance = ActivityThread.isForeground() ? RunningAppProcessInfo.IMPORTANCE_FOREGROUND : RunningAppProcessInfo.IMPORTANCE_BACKGROUND;
        List<RunningAppProcessInfo> result = new ArrayList<>();
        result.add(own);
        return result;
    }

    public List<RunningServiceInfo> getRunningServices(int maxNum) {
        return new ArrayList<>();
    }

    public List<RunningTaskInfo> getRunningTasks(int maxNum) {
        List<RunningTaskInfo> result = new ArrayList<>();
        if (maxNum > 0 && !ActivityThread.topActivity().isEmpty()) {
            RunningTaskInfo task = new RunningTaskInfo();
            task.topActivity = new ComponentName(App.packageName(), ActivityThread.topActivity());
            task.baseActivity = task.topActivity;
            result.add(task);
        }
        return result;
    }

    public void getMemoryInfo(MemoryInfo outInfo) {
        outInfo.totalMem = 4L << 30;
        outInfo.availMem = 2L << 30;
    }
}
