"""The experiments by id: one entry and one file each."""

from __future__ import annotations

from functools import partial
from re import fullmatch
from typing import Final

from experiments.harness.experiment import Experiment
from tokenry.errors import StudyError
from tokenry.registry import Entry, Registry


def _plain(name: str, file: str, source: str, *, extra: str | None = None) -> Entry[Experiment]:
    """An experiment in a file of a room; an id of a system names its system."""
    systems = (name,) if fullmatch(r"S\d{3}", name) else ()
    return Entry(name, f"experiments.{file}:EXPERIMENT", source, systems=systems, extra=extra)


_neural: Final = partial(_plain, extra="neural")


EXPERIMENTS: Final[Registry[Experiment]] = Registry(
    "experiment",
    (
        _neural(
            "S000",
            "signals.told",
            "Zha et al. 2024, Language-Guided Image Tokenization for Generation, arXiv:2412.05796",
        ),
        _neural(
            "S001",
            "measuring.adversarial_boundaries",
            "Wang et al. 2024, Tokenization Matters! Degrading Large Language Models through "
            "Challenging Their Tokenization, arXiv:2405.17067",
        ),
        _neural(
            "S009",
            "signals.factorised",
            "Bai et al. 2024, Factorized Visual Tokenization and Generation, arXiv:2411.16681",
        ),
        _neural(
            "S012",
            "measuring.turkish_standards",
            "Bayram et al. 2025, Tokenization Standards for Linguistic Integrity: Turkish as a "
            "Benchmark, arXiv:2502.07057",
        ),
        _plain(
            "S015",
            "learning.lib",
            "Yang, Frank, van den Bosch 2020, Less is Better: a cognitively inspired "
            "unsupervised model for language segmentation; Yang 2024, arXiv:2403.00417",
        ),
        _neural(
            "S017",
            "signals.families",
            "Li et al. 2025, Discrete Tokenization for Multimodal LLMs: a survey, arXiv:2507.22920",
        ),
        _neural(
            "S018",
            "learning.biomedical_morphs",
            "Gutiérrez, Sun, Su 2023, Biomedical Language Models are Robust to Sub-optimal "
            "Tokenization, arXiv:2306.17649",
        ),
        _neural(
            "S027",
            "signals.outlines",
            "Pramanick et al. 2023, Jack of All Tasks, Master of Many: Designing General-purpose "
            "Coarse-to-Fine Vision-Language Model, arXiv:2312.12423",
            extra="signals",
        ),
        _neural(
            "S028",
            "domains.genomes",
            "Zhou, Ji, Li, Dutta, Davuluri, Liu 2024, DNABERT-2: Efficient Foundation Model and "
            "Benchmark For Multi-Species Genome, arXiv:2306.15006",
        ),
        _plain(
            "S030",
            "domains.tables",
            "Watson, Cho, Balch, Veloso 2024, HiddenTables & PyQTax: A Cooperative Game and "
            "Dataset For TableQA to Ensure Scale and Data Privacy Across a Myriad of Taxonomies, "
            "arXiv:2406.10803",
        ),
        _neural(
            "S032",
            "domains.molecules",
            "Pei et al. 2024, BioT5+: Towards Generalized Biological Understanding with IUPAC "
            "Integration and Multi-task Tuning, arXiv:2402.17810",
        ),
        _plain(
            "S033",
            "learning.kl3m",
            "Bommarito, Katz, Bommarito 2025, KL3M tokenizers: a family of domain-specific and "
            "character-level tokenizers for legal, financial, and preprocessing applications, "
            "arXiv:2503.17247",
        ),
        _neural(
            "S034",
            "learning.radiology",
            "Yamagishi et al. 2025, ModernBERT is More Efficient than Conventional BERT for "
            "Chest CT Findings Classification in Japanese Radiology Reports, arXiv:2503.05060",
        ),
        _neural(
            "S035",
            "text.number_policies",
            "Singh, Strouse 2024, Tokenization counts: the impact of tokenization on "
            "arithmetic in frontier LLMs, arXiv:2402.14903",
        ),
        _plain(
            "S036",
            "learning.supertoken",
            "Sharthak, Pahalwan, Kamath, Shirawalmath 2025, Achieving tokenizer flexibility in "
            "language models through heuristic adaptation and supertoken learning, "
            "arXiv:2505.09738",
        ),
        _plain(
            "S037",
            "measuring.qtok",
            "Chelombitko, Safronov, Komissarov 2024, Qtok: A Comprehensive Framework for "
            "Evaluating Multilingual Tokenizer Quality in Large Language Models, "
            "arXiv:2410.12989",
        ),
        _neural(
            "S038",
            "decoding.exact_bytes",
            "Phan, Amos, Gat, Havasi, Muckley, Ullrich 2024, Exact Byte-Level Probabilities from "
            "Tokenized Language Models for FIM-Tasks and Model Ensembles, arXiv:2410.09303",
        ),
        _neural(
            "S039",
            "learning.k_tokeniser",
            "Hasan, Wu, Nguyen, Andres, Guellil, Zhang, Casey, Alex, Guthrie, Wu 2024, "
            "Infusing clinical knowledge into tokenisers for language models, arXiv:2406.14312",
        ),
        _neural(
            "S041",
            "transfer.zero_shot_transfer",
            "Minixhofer, Ponti, Vulić 2024, Zero-Shot Tokenizer Transfer, arXiv:2405.07883",
        ),
        _plain(
            "S042",
            "learning.superbpe",
            "Liu et al. 2025, SuperBPE: Space Travel for Language Models, arXiv:2503.13423",
        ),
        _plain(
            "S044",
            "measuring.data_mixture",
            "Hayase, Liu, Choi, Oh, Smith 2024, Data Mixture Inference: What do BPE Tokenizers "
            "Reveal about their Training Data?, arXiv:2407.16607",
        ),
        _neural(
            "S043",
            "signals.perturbed_score",
            "Qiu, Li, Kuen, Chen, Xu, Gu, Luo, Raj, Lin, Savvides 2025, Robust Latent Matters: "
            "Boosting Image Generation with Sampling Error Synthesis, arXiv:2503.08354",
        ),
        _neural(
            "S046",
            "signals.halting",
            "Duggal et al. 2025, Single-pass Adaptive Image Tokenization for Minimum Program "
            "Search, arXiv:2507.07995",
        ),
        _neural(
            "S047",
            "transfer.wechsel_model",
            "Minixhofer, Paischer, Rekabsaz 2022, WECHSEL: Effective initialization of subword "
            "embeddings for cross-lingual transfer of monolingual language models, "
            "arXiv:2112.06598",
        ),
        _neural(
            "S049",
            "transfer.likelihood_matching",
            "Minixhofer, Vulić, Ponti 2025, Universal Cross-Tokenizer Distillation via Approximate "
            "Likelihood Matching, arXiv:2503.20083",
        ),
        _neural(
            "S054",
            "transfer.expansion",
            "Mundra et al. 2024, An Empirical Comparison of Vocabulary Expansion and "
            "Initialization Approaches for Language Models, arXiv:2407.05841",
        ),
        _neural(
            "S055",
            "transfer.dynamic_input",
            "Feher, Vulić, Minixhofer 2025, Retrofitting Large Language Models with Dynamic "
            "Tokenization, arXiv:2411.18553",
        ),
        _neural(
            "S050",
            "decoding.nested_draft",
            "Kavehzadeh et al. 2024, S2D: Sorted Speculative Decoding For More Efficient "
            "Deployment of Nested Large Language Models, arXiv:2407.01955",
        ),
        _neural(
            "S051",
            "decoding.token_recycling",
            "Luo et al. 2024, Turning Trash into Treasure: Accelerating Inference of Large "
            "Language Models with Token Recycling, arXiv:2408.08696",
        ),
        _neural(
            "S060",
            "decoding.linked_documents",
            "Yang et al. 2025, KVLink: Accelerating Large Language Models via Efficient KV Cache "
            "Reuse, arXiv:2502.16002",
        ),
        _neural(
            "S099",
            "decoding.latent_steps",
            "Shi et al. 2025, SwiReasoning: Switch-Thinking in Latent and Explicit for "
            "Pareto-Superior Reasoning LLMs, arXiv:2510.05069",
        ),
        _neural(
            "S100",
            "decoding.methods_compared",
            "Zhang et al. 2025, A Survey on Parallel Text Generation: From Parallel Decoding to "
            "Diffusion Language Models, arXiv:2508.08712",
        ),
        _neural(
            "S153",
            "decoding.cached_diffusion",
            "Hu et al. 2025, Accelerating Diffusion Language Model Inference via Efficient KV "
            "Caching and Guided Diffusion, arXiv:2505.21467",
        ),
        _neural(
            "S158",
            "decoding.dynamic_trees",
            "Xiong et al. 2024, DySpec: Faster Speculative Decoding with Dynamic Token Tree "
            "Structure, arXiv:2410.11744",
        ),
        _neural(
            "S056",
            "decoding.layer_schedule",
            "Del Corro et al. 2023, SkipDecode: Autoregressive Skip Decoding with Batching and "
            "Caching for Efficient LLM Inference, arXiv:2307.02628",
        ),
        _neural(
            "S134",
            "decoding.routing",
            "Fu et al. 2025, R2R: Efficiently Navigating Divergent Reasoning Paths with "
            "Small-Large Model Token Routing, arXiv:2505.21600",
        ),
        _neural(
            "S057",
            "surgery.redwhale",
            "Vo et al. 2024, RedWhale: An Adapted Korean LLM Through Efficient Continual "
            "Pretraining, arXiv:2408.11294",
        ),
        _plain(
            "S063",
            "learning.information_theoretic",
            "Erdogan, Gorle, Chandak, Pilanci, Weissman 2026, An information-theoretic "
            "perspective on LLM tokenizers, arXiv:2601.09039",
        ),
        _plain(
            "S065",
            "measuring.inequities",
            "Arnett, Chang, Biderman, Bergen 2025, Explaining and Mitigating Crosslingual "
            "Tokenizer Inequities, arXiv:2510.21909",
        ),
        _neural(
            "S066",
            "signals.soft_split",
            "Yuan, Chen, Wang, Yu, Shi, Jiang, Tay, Feng, Yan 2021, Tokens-to-Token ViT: Training "
            "Vision Transformers from Scratch on ImageNet, arXiv:2101.11986",
        ),
        _neural(
            "S077",
            "learning.equal_info",
            "Lester, Lee, Alemi, Pennington, Roberts, Sohl-Dickstein, Constant 2024, Training "
            "LLMs over Neurally Compressed Text, arXiv:2404.03626",
        ),
        _neural(
            "S081",
            "transfer.projected_numbers",
            "X-Token: Projection-Guided Cross-Tokenizer Knowledge Distillation, arXiv:2605.21699",
        ),
        _neural(
            "S083",
            "surgery.cabrita",
            "Larcher et al. 2023, Cabrita: closing the gap for foreign languages, arXiv:2308.11878",
        ),
        _plain(
            "S085",
            "learning.turkish_morphs",
            "Bayram, Fincan, Gümüş, Karakaş, Diri, Yıldırım, Çelik 2025, Tokens with Meaning: "
            "A Hybrid Tokenization Approach for NLP, arXiv:2508.14292",
        ),
        _plain(
            "S087",
            "domains.executables",
            "Bommarito 2025, Binary BPE: A Family of Cross-Platform Tokenizers for Binary "
            "Analysis, arXiv:2511.17573",
        ),
        _neural(
            "S089",
            "corpus.difficult_code",
            "Lv et al. 2025, Data-efficient LLM Fine-tuning for Code Generation, arXiv:2504.12687",
        ),
        _neural(
            "S091",
            "signals.binary_latents",
            "Instella-T2I 2025, Pushing the Limits of 1D Discrete Latent Space Image "
            "Generation, arXiv:2506.21022",
        ),
        _neural(
            "S093",
            "signals.prefixes",
            "Miwa et al. 2025, One-D-Piece: Image Tokenizer Meets Quality-Controllable "
            "Compression, arXiv:2501.10064",
        ),
        _neural(
            "S094",
            "measuring.information_capacity",
            "Yuan et al. 2025, Information Capacity: Evaluating the Efficiency of Large Language "
            "Models via Text Compression, arXiv:2511.08066",
        ),
        _neural(
            "S095",
            "corpus.predictive_strength",
            "Shum et al. 2025, Predictive Data Selection: The Data That Predicts Is the Data That "
            "Teaches, arXiv:2503.00808",
        ),
        _neural(
            "S097",
            "corpus.skill_graph",
            "Li et al. 2025, MASS: Mathematical Data Selection via Skill Graphs for Pretraining "
            "Large Language Models, arXiv:2503.14917",
        ),
        _neural(
            "S102",
            "corpus.fixed_data",
            "Kim et al. 2025, Pre-training under infinite compute, arXiv:2509.14786",
        ),
        _neural(
            "S096",
            "decoding.unmasking",
            "Jazbec et al. 2025, Learning Unmasking Policies for Diffusion Language Models, "
            "arXiv:2512.09106",
        ),
        _neural(
            "S105",
            "signals.shared_index",
            "Qu, Zhang, Liu, Wang, Jiang, Gao, Ye, Du, Yuan, Wu 2024, TokenFlow: Unified Image "
            "Tokenizer for Multimodal Understanding and Generation, arXiv:2412.03069",
        ),
        _neural(
            "S108",
            "signals.binary_grid",
            "Wang et al. 2024, Elucidating the Design Space of Language Models for Image "
            "Generation, arXiv:2410.16257",
        ),
        _neural(
            "S110",
            "transfer.pruned_model",
            "Tang et al. 2024, Rethinking Optimization and Architecture for Tiny Language Models, "
            "arXiv:2402.02791",
        ),
        _neural(
            "S111",
            "signals.scaling",
            "Hansen-Estruch et al. 2025, Learnings from Scaling Visual Tokenizers for "
            "Reconstruction and Generation, arXiv:2501.09755",
        ),
        _neural(
            "S114",
            "domains.programs",
            "Kadosh et al. 2023, Scope is all you need: Transforming LLMs for HPC Code, "
            "arXiv:2308.09440",
        ),
        _neural(
            "S121",
            "measuring.threads",
            "Roberts, Han, Albanie 2024, Needle Threading: Can LLMs Follow Threads through "
            "Near-Million-Scale Haystacks?, arXiv:2411.05000",
        ),
        _neural(
            "S126",
            "domains.layouts",
            "Yang et al. 2024, PosterLLaVa: Constructing a Unified Multi-modal Layout Generator "
            "with LLM, arXiv:2406.02884",
        ),
        _neural(
            "S127",
            "domains.chat_marks",
            "Tan, Wang 2024, 1.5-Pints Technical Report: Pretraining in Days, Not Months -- Your "
            "Language Model Thrives on Quality Data, arXiv:2408.03506",
        ),
        _neural(
            "S128",
            "domains.parse_then_place",
            "Lin et al. 2023, A Parse-Then-Place Approach for Generating Graphic Layouts from "
            "Textual Descriptions, arXiv:2308.12700",
        ),
        _neural(
            "S130",
            "domains.traffic",
            "Guthula, Beltiukov, Battula, Guo, Gupta, Monga 2023, netFound: Foundation Model for "
            "Network Security, arXiv:2310.17025",
        ),
        _plain(
            "S131",
            "learning.mixtures",
            "Diao et al. 2025, CLIMB: CLustering-based Iterative Data Mixture Bootstrapping for "
            "Language Model Pre-training, arXiv:2504.13161",
        ),
        _neural(
            "S138",
            "transfer.matching_pursuit",
            "Goddard, Fernandes Neto 2025, Training-Free Tokenizer Transplantation via Orthogonal "
            "Matching Pursuit, arXiv:2506.06607",
        ),
        _neural(
            "S139",
            "corpus.rated_documents",
            "Peng et al. 2025, DataMan: Data Manager for Pre-training Large Language Models, "
            "arXiv:2502.19363",
        ),
        _neural(
            "S140",
            "measuring.token_forcing",
            "Hoscilowicz, Popiolek, Rudkowski, Bieniasz, Janicki 2024, Hiding Text in Large "
            "Language Models: Introducing Unconditional Token Forcing Confusion, arXiv:2406.02481",
        ),
        _neural(
            "S143",
            "measuring.replaced_tokens",
            "Zhao, Shan 2024, ReAGent: Towards A Model-agnostic Feature Attribution Method for "
            "Generative Language Models, arXiv:2402.00794",
        ),
        _plain(
            "S147",
            "learning.compound_piece",
            "Minixhofer, Pfeiffer, Vulić 2023, CompoundPiece: Evaluating and Improving "
            "Decompounding Performance of Language Models, arXiv:2305.14214",
        ),
        _plain(
            "S152",
            "decoding.weighted_rejection",
            "Lipkin et al. 2025, Fast Controlled Generation from Language Models with Adaptive "
            "Weighted Rejection Sampling, arXiv:2504.05410",
        ),
        _neural(
            "S159",
            "corpus.selection",
            "Albalak et al. 2024, A Survey on Data Selection for Language Models, arXiv:2402.16827",
        ),
        _neural(
            "S013",
            "measuring.markov_sources",
            "Rajaraman, Jiao, Ramchandran 2024, Toward a Theory of Tokenization in LLMs, "
            "arXiv:2404.08335",
        ),
        _neural(
            "S082",
            "measuring.inverse_permutation",
            "Alur, Raghavan, Shah 2025, The Impossibility of Inverse Permutation Learning in "
            "Transformer Models, arXiv:2509.24125",
        ),
        _neural(
            "S020",
            "measuring.counting",
            "Zhang, Cao, You 2024, Counting Ability of Large Language Models and Impact of "
            "Tokenization, arXiv:2410.19730",
        ),
        _plain(
            "S155",
            "measuring.token_concepts",
            "Shani, Jurafsky, LeCun, Shwartz-Ziv 2025, From Tokens to Thoughts: How LLMs and "
            "Humans Trade Compression for Meaning, arXiv:2505.17117",
        ),
        _neural(
            "glitches",
            "measuring.undertrained_ids",
            "Land, Bartolo 2024, Fishing for Magikarp: Automatically Detecting Under-trained "
            "Tokens in Large Language Models, arXiv:2405.05417",
        ),
        _neural(
            "S145",
            "measuring.generated_text",
            "Das, De Langis, Martin-Boyle, Kim et al. 2024, Under the Surface: Tracking the "
            "Artifactuality of LLM-Generated Data, arXiv:2401.14698",
        ),
        _neural(
            "S144",
            "measuring.concurrence",
            "Sun, Williams, Hupkes 2023, The Validity of Evaluation Results: Assessing "
            "Concurrence Across Compositionality Benchmarks, arXiv:2310.17514",
        ),
        _neural(
            "S048",
            "measuring.lemmas",
            "Toporkov, Agerri 2024, On the Role of Morphological Information for Contextual "
            "Lemmatization, arXiv:2302.00407",
        ),
        _neural(
            "S024",
            "measuring.regional_stories",
            "Patil, Gupta, et al. 2025, Regional Tiny Stories: Using Small Models to Compare "
            "Language Learning and Tokenizer Performance, arXiv:2504.07989",
        ),
        _neural(
            "S007",
            "measuring.untrained_encoders",
            "AlKhamissi, Tuckute, Bosselut, Schrimpf 2024, Brain-Like Language Processing via "
            "a Shallow Untrained Multihead Attention Network, arXiv:2406.15109",
        ),
        _plain(
            "boundless",
            "learning.boundless",
            "Schmidt, Reddy, Tanner, Pinter 2025, Boundless Byte Pair Encoding: Breaking the "
            "Pre-tokenization Barrier, arXiv:2504.00178",
        ),
        _plain(
            "parity",
            "learning.parity",
            "Foroutan, Meister, Paul, Niklaus, Ahmadi, Bosselut, Sennrich 2025, Parity-aware "
            "byte-pair encoding, arXiv:2508.04796",
        ),
        _plain(
            "picky",
            "learning.picky",
            "Chizhov, Arnett, Korotkova, Yamshchikov 2024, BPE Gets Picky: Efficient "
            "Vocabulary Refinement During Tokenizer Training, arXiv:2409.04599",
        ),
        _neural(
            "initialisers",
            "transfer.initialisers",
            "Gee et al. 2022, Fast Vocabulary Transfer for Language Model Compression, "
            "arXiv:2402.09977",
        ),
        _neural(
            "retok",
            "transfer.retok",
            "Gu et al. 2024, ReTok: Replacing Tokenizer to Enhance Representation Efficiency in "
            "Large Language Model, arXiv:2410.04335",
        ),
        _neural(
            "drafts",
            "transfer.drafts",
            "Leviathan, Kalman, Matias 2023, Fast Inference from Transformers via Speculative "
            "Decoding, arXiv:2211.17192",
        ),
        _neural(
            "genlm",
            "decoding.beside_genlm",
            "Vieira et al. 2024, From Language Models over Tokens to Language Models over "
            "Characters, arXiv:2412.03719; Lipkin et al. 2025, arXiv:2504.05410",
        ),
        _neural(
            "codecs",
            "signals.rate_distortion",
            "Li et al. 2025, Discrete Tokenization for Multimodal LLMs: a survey, "
            "arXiv:2507.22920; those of the recipes as `tokenry codec list` has them",
        ),
        _plain(
            "packing",
            "shards.packing",
            "Ding et al. 2024, Fewer Truncations Improve Language Modeling, arXiv:2404.10830",
        ),
    ),
    StudyError,
)
"""An id is that of a system in docs/systems.tsv, where the claim is of one."""
