//! Tasks and events for tests: most do what they should, in the way that the argument or the kind of event names.

mod events;
mod tasks;

struct Points;

wit_bindgen::generate!({
    inline: "package tests:points;
        world points {
            import component:smartcms/kvstore;
            import smartcms:plugin/task-progress@0.1.0;
            export smartcms:plugin/tasks@0.1.0;
            export smartcms:plugin/events@0.1.0;
        }",
    path: ["../../../../wit/kvstore", "../../../../wit/content", "../../../../wit/plugin"],
    world: "tests:points/points",
    generate_all,
});

export!(Points);
