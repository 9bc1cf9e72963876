//! Models as whoever computes with them sees them: real files, the real engine.
#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as assertions do")]

mod onnx;

use std::path::Path;

use smartcms_app::ports::{Element, NeuralError, NeuralModel, NeuralModels as _, Tensor};
use smartcms_inference::{InferenceLimits, ModelSource, OnnxModels};

use self::onnx::{FLOAT, INT64, UINT8, identity};

fn models(limits: InferenceLimits, folder: &Path) -> OnnxModels {
    OnnxModels::new(limits).with_folder(folder).unwrap()
}

async fn opened(file: Vec<u8>) -> std::sync::Arc<dyn NeuralModel> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.onnx"), file).unwrap();
    models(InferenceLimits::default(), folder.path()).open("m").await.unwrap()
}

fn x(element: Element, bytes: Vec<u8>) -> Vec<(String, Tensor)> {
    let count = u32::try_from(bytes.len() / element.bytes()).unwrap();
    vec![("x".to_owned(), Tensor::new(vec![count], element, bytes).unwrap())]
}

#[tokio::test]
async fn numbers_go_in_and_come_out_as_what_the_file_says() {
    let floats: Vec<u8> = [1.5_f32, -2.0].iter().flat_map(|it| it.to_le_bytes()).collect();
    let longs: Vec<u8> = [7_i64, -1].iter().flat_map(|it| it.to_le_bytes()).collect();
    for (of, element, bytes) in [
        (FLOAT, Element::F32, floats),
        (INT64, Element::I64, longs),
        (UINT8, Element::U8, vec![0, 255]),
    ] {
        let model = opened(identity(of)).await;
        let outputs = model.compute(x(element, bytes)).await.unwrap();
        let [(name, tensor)] = outputs.as_slice() else { unreachable!("there is one output") };
        let expected = model.compute(vec![("x".to_owned(), tensor.clone())]).await.unwrap();
        assert_eq!(
            (name.as_str(), tensor.element(), tensor.dimensions()),
            ("y", element, [2].as_slice())
        );
        assert_eq!(expected, outputs);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let model = opened(identity(INT64)).await;
    let large = i64::from(i32::MAX) + 1;
    let bytes = [large, 0].iter().flat_map(|it| it.to_le_bytes()).collect();
    let refused = model.compute(x(Element::I64, bytes)).await.unwrap_err();
    assert!(refused.to_string().contains("32 bits"), "{refused}");
    let mut named = x(Element::I64, vec![0; 16]);
    named.push(("z".to_owned(), Tensor::new(vec![1], Element::U8, vec![1]).unwrap()));
    let refused = model.compute(named).await.unwrap_err();
    assert!(refused.to_string().contains("takes x, and was given x, z"), "{refused}");
    assert!(matches!(model.compute(Vec::new()).await, Err(NeuralError::Invalid(_))));
    let wrong = model.compute(x(Element::F32, vec![0; 8])).await;
    assert!(matches!(wrong, Err(NeuralError::Invalid(_))), "{wrong:?}");
}

#[tokio::test]
async fn models_are_those_of_the_folder_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for (name, file) in [
        ("good.onnx", identity(FLOAT)),
        ("bad.onnx", b"no model".to_vec()),
        ("Not A Name.onnx", identity(FLOAT)),
        ("good.txt", Vec::new()),
    ] {
        std::fs::write(folder.path().join(name), file).unwrap();
    }
    let known = models(InferenceLimits::default(), folder.path());
    let known = known.with("own", ModelSource::Embedded(b"")).unwrap();
    assert_eq!(known.names(), ["bad", "good", "own"]);
    assert!(known.open("good").await.is_ok());
    for name in ["bad", "own"] {
        assert!(matches!(known.open(name).await, Err(NeuralError::Unfit { .. })), "{name}");
    }
    for name in ["absent", "../good", ""] {
        assert!(matches!(known.open(name).await, Err(NeuralError::Unknown(_))), "{name}");
    }
    assert!(
        OnnxModels::new(InferenceLimits::default())
            .with("../x", ModelSource::Embedded(b""))
            .is_err()
    );
}

#[tokio::test]
async fn limits_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.onnx"), identity(FLOAT)).unwrap();
    let small = InferenceLimits { model_bytes_max: 10, ..InferenceLimits::default() };
    let outcome = models(small, folder.path()).open("m").await.map(drop);
    let too_large = NeuralError::TooLarge { name: "m".to_owned(), bytes_max: 10 };
    assert_eq!(outcome, Err(too_large));
    let few = InferenceLimits { models_max: 0, ..InferenceLimits::default() };
    assert!(OnnxModels::new(few).with_folder(folder.path()).is_err());
}
